import type { Context } from '#server/context.ts'
import { type OutgoingPost, toNote } from '#server/federation/vocabulary/to-note.ts'
import { outgoingEmojis } from '#server/emoji/find-own.ts'
import { findPoll } from '#server/polls/find-poll.ts'
import { contextOf } from '#server/federation/vocabulary/addresses.ts'
import { findOutgoingQuote, findReplyAuthorization } from '#server/interactions/outgoing.ts'
import { findThreadRoot } from '#server/peers/conversations.ts'
import { findOutgoingDetails, type OutgoingDetails, type OutgoingRow } from '#server/peers/outgoing-posts.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

/** A post of ours as a Note, and what stands beside it. */
export async function loadNote(
  ctx: Pick<Context, 'db' | 'config'>,
  row: OutgoingRow
): Promise<{ note: Record<string, unknown>; details: OutgoingDetails }> {
  const details = await findOutgoingDetails(ctx.db, row.post.id)
  const post: OutgoingPost = {
    ...row.post,
    authorUri: row.authorUri,
    communityUri: row.communityUri,
    mentions: details.mentions.map(({ uri, name, domain }) => ({ uri, handle: `${name}@${domain ?? ctx.config.handleDomain}` })),
    others: othersOf(row, details),
    tags: details.tags,
    media: details.media,
    emojis: await outgoingEmojis(ctx.db, row.post.emojis),
    quote: row.post.isQuote ? await findOutgoingQuote(ctx.db, row.post.id) : undefined,
    replyAuthorizationUri: row.post.replyToId === null ? null : await findReplyAuthorization(ctx.db, row.post.id),
    contextUri: await findContextUri(ctx, row),
    poll: row.post.type === 'Question' ? await findPoll(ctx.db, row.post.id) : undefined
  }
  return { note: toNote(post, ctx.config.origin), details }
}

/**
 * People a post is for without a mention. Whoever is answered in public is one of them (ActivityPub, section 6.1): it goes to their server anyway, and some
 * (WordPress) look in there for whom it is meant.
 */
export function othersOf({ post, authorUri, answeredUri }: OutgoingRow, { mentions, persons }: OutgoingDetails): string[] {
  const answered = answeredUri !== null && answeredUri !== authorUri && isForAnybody(post) ? [answeredUri] : []
  const mentioned = new Set(mentions.map((mention) => mention.uri))
  return [...new Set([...persons.map((person) => person.uri), ...answered])].filter((uri) => !mentioned.has(uri))
}

/** Where the conversation can be read, if it began here and everybody may (FEP-7888): an address that leads nowhere is not told. */
async function findContextUri(ctx: Pick<Context, 'db'>, { post }: OutgoingRow): Promise<string | undefined> {
  const root = post.threadId === post.id ? post : await findThreadRoot(ctx.db, post.threadId)
  const isServed = root?.isLocal && root.deletedAt === null && isForAnybody(root)
  return root && isServed ? contextOf(root.uri) : undefined
}
