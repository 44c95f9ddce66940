import type { Context } from '#server/context.ts'
import type { OutgoingDetails, OutgoingRow } from '#server/peers/outgoing-posts.ts'
import { findFollowerInboxes, findInteractedIds, findRecipients } from '#server/peers/recipients.ts'
import type { Inbox } from '#server/peers/inbox.ts'
import { findRelayInboxes } from '#server/peers/relays.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

export interface Inboxes {
  direct: Inbox[]
  fanOut: Inbox[]
}

/**
 * Where a post goes: to the people it addresses and, when everybody may read it, to the author of its parent and its community, before the rest; to
 * followers unless it is direct, and public ones to relays. A direct post goes to personal inboxes, the others to shared ones. `isChange` adds those who
 * answered, boosted or favourited it, since they hold a copy that should follow. A local-only post goes nowhere.
 */
export async function findPostInboxes(
  ctx: Context,
  row: OutgoingRow,
  details: OutgoingDetails,
  { isChange = false } = {}
): Promise<Inboxes> {
  const { id, authorId, visibility, replyToAuthorId, isLocalOnly } = row.post
  if (isLocalOnly) return { direct: [], fanOut: [] }
  const isOpen = isForAnybody(row.post)
  const personIds = [...details.mentions, ...details.persons].map((person) => person.id)
  if (isOpen && replyToAuthorId !== null) personIds.push(replyToAuthorId)
  if (isOpen && row.communityId !== null) personIds.push(row.communityId)
  if (isOpen && isChange) personIds.push(...(await findInteractedIds(ctx.db, id)))
  // Relays that take ids only hear of a new post otherwise; changes and ends go to all as they are.
  const relayed = visibility === 'public' ? await findRelayInboxes(ctx.db, isChange ? undefined : 'mastodon') : []
  const persons = await findRecipients(ctx.db, authorId, personIds)
  return {
    direct: persons.map((person) => (visibility === 'direct' ? person.inbox : person.sharedInbox)),
    fanOut: [...(visibility === 'direct' ? [] : await findFollowerInboxes(ctx.db, authorId)), ...relayed]
  }
}
