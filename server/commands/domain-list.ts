import { columns, moment } from '#server/commands/columns.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { listDomainLimits } from '#server/moderation/list-domain-limits.ts'

/** Lists the domains that are limited. */
export async function run({ ctx, t }: Ground & { ctx: Context }): Promise<Answer> {
  const value = await listDomainLimits(ctx.db)
  const rows = value.map(({ domain, severity, createdAt, reason }) => [domain, severity, moment(createdAt), reason.replaceAll(/\s+/g, ' ')])
  return { value, lines: value.length === 0 ? [t('command.noDomains')] : columns(rows) }
}
