import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { domainCharactersShown } from '#server/moderation/domain-limits.ts'
import { listDomainLimits } from '#server/moderation/list-domain-limits.ts'
import { unlimitDomain } from '#server/moderation/unlimit-domain.ts'
import { normalizeHost } from '#server/platform/host-names.ts'

/** Lifts the limit on a domain. */
export async function run({ ctx, args, options, t }: Ground & { ctx: Context }): Promise<Answer> {
  const domain = args[0]!
  await refuseOtherSeverity(ctx, domain, options.severity)
  await unlimitDomain(ctx, { kind: 'operator' }, { domain, reason: String(options.reason ?? '') })
  return { value: { domain }, lines: [t('command.domainUnblocked', { domain })] }
}

/** With --severity only a limit of that kind is lifted. */
async function refuseOtherSeverity(ctx: Context, domain: string, severity: unknown): Promise<void> {
  if (severity === undefined) return
  const limits = await listDomainLimits(ctx.db)
  const isThat = limits.some((limit) => limit.domain === normalizeHost(domain) && limit.severity === severity)
  if (!isThat) throw new Refusal('missing', 'errors.domainNotLimited', { domain: domain.slice(0, domainCharactersShown) }, 'domain')
}
