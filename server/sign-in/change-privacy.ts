import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account, Person, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { domainCharactersShown } from '#server/moderation/domain-limits.ts'
import { hostOf, normalizeHost } from '#server/platform/host-names.ts'
import { indexPostsOf } from '#server/search/index-posts-of.ts'

/** What others learn of one person beside their posts, and by what they are found. */
export interface Privacy extends Pick<User, 'provesPosts' | 'listsFollows'>, Pick<Account, 'isDiscoverable' | 'isIndexable'> {
  /** Hosts of sites that may name this person as who wrote their pages, as typed: one a line, addresses too. Absent: stays as it is. */
  creditSites?: string
}

export const creditSitesMax = 20

/**
 * All of it holds from the next time anybody asks; proofs that went out already stay with whoever has them. Other servers are told whether somebody wants
 * to be found (fact `profile-changed`), and the index of the search follows beside other work. Refusals at `creditSites`: `invalid` for what is no site, and beyond 20.
 */
export async function changePrivacy(
  ctx: Context,
  who: Person,
  { provesPosts, listsFollows, creditSites, ...shown }: Privacy
): Promise<void> {
  const { account } = who
  const sites = creditSites === undefined ? account.attributionDomains : readSites(creditSites)
  const found = { ...shown, attributionDomains: sites }
  const isSame = String(sites ?? '') === String(account.attributionDomains ?? '')
  await ctx.transact(async (tx) => {
    await tx.update(users).set({ provesPosts, listsFollows }).where(eq(users.accountId, account.id))
    if (isSame && found.isDiscoverable === account.isDiscoverable && found.isIndexable === account.isIndexable) return
    await tx.update(accounts).set(found).where(eq(accounts.id, account.id))
    await record(tx, 'profile-changed', { accountId: account.id })
    if (found.isIndexable !== account.isIndexable) await indexPostsOf(tx, account.id)
  })
}

/** Hosts of what was typed, each once; null for none. */
function readSites(typed: string): string[] | null {
  const lines = typed
    .split(/[\s,]+/)
    .filter((line) => line !== '')
    .map((line) => {
      const host = /^https?:\/\//i.test(line) ? hostOf(line) : normalizeHost(line.replace(/^(?:\*\.|@)/, ''))
      if (host?.includes('.')) return host
      throw new Refusal('invalid', 'errors.noDomain', { domain: line.slice(0, domainCharactersShown) }, 'creditSites')
    })
  const sites = [...new Set(lines)]
  if (sites.length > creditSitesMax) throw new Refusal('invalid', 'form.tooMany', { limit: creditSitesMax }, 'creditSites')
  return sites.length === 0 ? null : sites
}
