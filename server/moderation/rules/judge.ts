import type { Account } from '#server/accounts/who.ts'
import type { DomainLimits, DomainSeverity } from '#server/moderation/domain-limits.ts'
import { hostOf } from '#server/platform/host-names.ts'

/** What came, and from whom. */
export interface Incoming {
  kind: 'post' | 'boost' | 'favourite' | 'follow' | 'profile' | 'report' | 'other'
  author: Pick<Account, 'uri' | 'domain' | 'suspendedAt' | 'silencedAt' | 'deletedAt'>
}

/** `silence`: kept, but nobody is shown it who did not ask for this author. */
export type Judgement = 'accept' | 'drop' | 'silence'

/** What becomes of something that came from outside, by the limits on its author and on the domains the author belongs to. Pure. */
export function judgeBy({ author }: Incoming, severities: readonly (DomainSeverity | undefined)[]): Judgement {
  if (author.deletedAt !== null || author.suspendedAt !== null || severities.includes('suspend')) return 'drop'
  return author.silencedAt !== null || severities.includes('silence') ? 'silence' : 'accept'
}

/** The same with the limits looked up, for the domain of the handle and the host of the actor. */
export async function judge(ctx: { limits: DomainLimits }, incoming: Incoming): Promise<Judgement> {
  const domains = [incoming.author.domain, hostOf(incoming.author.uri)].filter((domain) => domain !== null && domain !== undefined)
  return judgeBy(incoming, await Promise.all(domains.map((domain) => ctx.limits.of(domain))))
}
