import type { Context } from '#server/context.ts'
import { fail, type Finding, ok } from '#server/doctor/finding.ts'

const MiB = 1024 ** 2

/** Is the schema that of the code, and is what is stored sound? Reads the whole database. */
export async function checkDatabase({ database, config }: Context): Promise<Finding[]> {
  const { applied, known } = await database.schemaVersion()
  if (applied !== known) return fail('doctor.databaseSchema', 'doctor.databaseSchemaRemedy', { applied, known })
  const problems = await database.problems()
  if (problems.length > 0) return problems.flatMap((problem) => fail('doctor.databaseProblem', 'doctor.databaseProblemRemedy', { problem }))
  const megabytes = Math.ceil((await database.sizeBytes()) / MiB)
  return ok('doctor.databaseOk', { dialect: config.database.dialect, megabytes })
}
