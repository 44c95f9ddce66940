import { inArray } from 'drizzle-orm'
import { instanceFacts } from '#db/schema/moderation.ts'
import type { Context } from '#server/context.ts'
import { fail, type Finding, ok, warn } from '#server/doctor/finding.ts'

/** Is the origin the one this instance was started as, and one that others can reach at all? */
export async function checkAddress({ db, config }: Context): Promise<Finding[]> {
  const stored = new Map(
    (
      await db
        .select()
        .from(instanceFacts)
        .where(inArray(instanceFacts.key, ['origin', 'handle-domain']))
    ).map((row) => [row.key, row.value])
  )
  const pairs = [
    ['ORIGIN', stored.get('origin'), config.origin],
    ['HANDLE_DOMAIN', stored.get('handle-domain'), config.handleDomain]
  ] as const
  for (const [name, was, is] of pairs) {
    if (was !== undefined && was !== is) return fail('doctor.addressChanged', 'doctor.addressChangedRemedy', { name, was, is })
  }
  if (!config.isHttps) return warn('doctor.addressLocal', 'doctor.addressLocalRemedy', { origin: config.origin })
  return ok('doctor.addressOk', { origin: config.origin })
}
