import { openContext, schemaVersionOf } from '#server/commands/open-context.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'

/** Brings the schema up to the code, after a copy of the database. */
export async function run({ config, t }: Ground): Promise<Answer> {
  const { applied: from } = await schemaVersionOf(config)
  const ctx = await openContext(config, 'context', { mayMigrate: true })
  try {
    const { applied: to } = await ctx.database.schemaVersion()
    return { value: { from, to }, lines: [from === to ? t('command.migratedNothing', { to }) : t('command.migrated', { from, to })] }
  } finally {
    await ctx[Symbol.asyncDispose]()
  }
}
