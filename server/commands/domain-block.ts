import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import type { DomainSeverity } from '#server/moderation/domain-limits.ts'
import { limitDomain } from '#server/moderation/limit-domain.ts'

/** Limits a domain with everything below it. */
export async function run({ ctx, args, options, t }: Ground & { ctx: Context }): Promise<Answer> {
  const severity = options.severity as DomainSeverity
  const reason = String(options.reason ?? '')
  const domain = await limitDomain(ctx, { kind: 'operator' }, { domain: args[0]!, severity, reason })
  return { value: { domain, severity, reason }, lines: [t('command.domainBlocked', { domain, severity })] }
}
