import type { Context } from '#server/context.ts'
import { type OutgoingPost, toNote } from '#server/federation/vocabulary/to-note.ts'
import { findPoll } from '#server/polls/find-poll.ts'
import { findOutgoingDetails, type OutgoingDetails, type OutgoingRow } from '#server/peers/outgoing-posts.ts'

/** A post of ours as a Note, and what stands beside it. */
export async function loadNote(
  ctx: Pick<Context, 'db' | 'config'>,
  row: OutgoingRow
): Promise<{ note: Record<string, unknown>; details: OutgoingDetails }> {
  const details = await findOutgoingDetails(ctx.db, row.post.id)
  const mentioned = new Set(details.mentions.map((mention) => mention.id))
  const post: OutgoingPost = {
    ...row.post,
    authorUri: row.authorUri,
    communityUri: row.communityUri,
    mentions: details.mentions.map(({ uri, name, domain }) => ({ uri, handle: `${name}@${domain ?? ctx.config.handleDomain}` })),
    others: details.persons.filter((person) => !mentioned.has(person.id)).map((person) => person.uri),
    tags: details.tags,
    media: details.media,
    poll: row.post.type === 'Question' ? await findPoll(ctx.db, row.post.id) : undefined
  }
  return { note: toNote(post, ctx.config.origin), details }
}
