import { eq } from 'drizzle-orm'
import { domainLimits } from '#db/schema/moderation.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { domainCharactersShown, limitsTopic } from '#server/moderation/domain-limits.ts'
import { refreshDomainSeverity } from '#server/moderation/domain-severity.ts'
import { checkReason } from '#server/moderation/moderate-account.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { normalizeHost } from '#server/platform/host-names.ts'

/** Lifts a domain's limit. Refuses `missing` when there is none. */
export async function unlimitDomain(ctx: Context, who: Who, input: { domain: string; reason: string }): Promise<void> {
  requireRole(who, 'moderator')
  const reason = checkReason(input.reason)
  const domain = normalizeHost(input.domain.trim()) ?? input.domain
  await ctx.transact(async (tx) => {
    const lifted = await tx.delete(domainLimits).where(eq(domainLimits.domain, domain)).returning()
    if (lifted.length === 0)
      throw new Refusal('missing', 'errors.domainNotLimited', { domain: domain.slice(0, domainCharactersShown) }, 'domain')
    await refreshDomainSeverity(tx, domain)
    await recordAudit(tx, who, { act: 'domain-unlimited', targetKind: 'domain', target: domain, targetLabel: domain, reason })
    await record(tx, 'domain-unlimited', { domain })
    tx.signal(limitsTopic)
  })
}
