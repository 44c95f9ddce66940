import { and, inArray, isNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { Refusal } from '#server/errors.ts'
import { mustWait } from '#server/interactions/ask.ts'
import type { Permission } from '#server/interactions/policy.ts'
import type { PostRow } from '#server/posts/find-post.ts'

interface Answering {
  parent: PostRow | undefined
  reply: Permission | undefined
  quoted: PostRow | undefined
}

/**
 * A local-only post tells nobody elsewhere of itself, so that it can ask nobody there either. Refusal('forbidden') where the author of what it answers wants to
 * be asked, and for a quote of what was written elsewhere, which always needs a word of its author (FEP-044f). Pure.
 */
export function requireNobodyElsewhere(authorId: number, { parent, reply, quoted }: Answering): void {
  if (parent && reply && !parent.isLocal && mustWait(reply, parent)) throw new Refusal('forbidden', 'errors.localOnlyReplyAsks')
  if (quoted && !quoted.isLocal && quoted.authorId !== authorId) throw new Refusal('forbidden', 'errors.localOnlyQuoteAsks')
}

/** Those of some accounts that live here, in the order given. */
export async function peopleHere(db: Reader, accountIds: readonly number[]): Promise<number[]> {
  if (accountIds.length === 0) return []
  const rows = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(inArray(accounts.id, [...accountIds]), isNull(accounts.domain)))
  const here = new Set(rows.map(({ id }) => id))
  return accountIds.filter((id) => here.has(id))
}
