import type { Tx } from '#db/reader.ts'
import { domainLimits } from '#db/schema/moderation.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEach, Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { type DomainSeverity, domainCharactersShown, limitsTopic } from '#server/moderation/domain-limits.ts'
import { refreshDomainSeverity } from '#server/moderation/domain-severity.ts'
import { checkReason } from '#server/moderation/moderate-account.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { isWithinDomain, normalizeHost } from '#server/platform/host-names.ts'

/**
 * Limits a domain and every subdomain: `suspend` hides it and ends all exchange, `silence` keeps it out of public timelines and
 * strangers' notifications. Nothing is deleted. A second call changes severity and reason. Refuses `invalid` what is no domain or our own.
 */
export async function limitDomain(
  ctx: Context,
  who: Who,
  input: { domain: string; severity: DomainSeverity; reason: string }
): Promise<string> {
  requireRole(who, 'moderator')
  const { domain, severity, reason } = checkEach({
    domain: () => readOtherDomain(ctx, input.domain),
    severity: () => checkSeverity(input.severity),
    reason: () => checkReason(input.reason)
  })
  await ctx.transact(async (tx) => {
    await writeLimit(tx, { domain, severity, reason })
    await recordAudit(tx, who, {
      act: 'domain-limited',
      targetKind: 'domain',
      target: domain,
      targetLabel: domain,
      reason,
      details: { severity }
    })
    await record(tx, 'domain-limited', { domain })
  })
  return domain
}

/** A typed domain in its one spelling, with or without `*.` before it. Refusals at `domain`: what is none, is missing, or is ours. */
export function readOtherDomain({ config }: Context, typed: string): string {
  if (typed.trim() === '') throw new Refusal('invalid', 'form.required', {}, 'domain')
  const domain = normalizeHost(typed.trim().replace(/^\*\./, ''))
  if (!domain) throw new Refusal('invalid', 'errors.noDomain', { domain: typed.slice(0, domainCharactersShown) }, 'domain')
  if (isWithinDomain(config.host, domain) || isWithinDomain(config.handleDomain, domain))
    throw new Refusal('invalid', 'errors.ownDomain', {}, 'domain')
  return domain
}

function checkSeverity(severity: DomainSeverity): DomainSeverity {
  if (severity !== 'suspend' && severity !== 'silence') throw new Refusal('invalid', 'form.invalid', {}, 'severity')
  return severity
}

/** Writes a limit with all that is kept true by it, and tells every process. The domain is normalised. */
export async function writeLimit(
  tx: Tx,
  { domain, severity, reason }: { domain: string; severity: DomainSeverity; reason: string }
): Promise<void> {
  await tx
    .insert(domainLimits)
    .values({ domain, severity, reason, createdAt: tx.now })
    .onConflictDoUpdate({ target: domainLimits.domain, set: { severity, reason } })
  await refreshDomainSeverity(tx, domain)
  tx.signal(limitsTopic)
}
