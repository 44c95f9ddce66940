import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { postAudience, posts, submissions } from '#db/schema/posts.ts'
import type { Account, Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { addOwnPoll } from '#server/polls/write-poll.ts'
import { mustWait, requirePermission } from '#server/interactions/ask.ts'
import { type ChosenPolicies, checkPolicies, defaultPolicies } from '#server/interactions/policy-choices.ts'
import { addOwnQuote, addWaitingReply, permitQuote } from '#server/interactions/write-own.ts'
import { attachMedia } from '#server/posts/attach-media.ts'
import { requireActive } from '#server/posts/authors.ts'
import { type CheckedDraft, checkDraft, type Draft, narrowTo } from '#server/posts/check-draft.ts'
import { countPost } from '#server/posts/counters.ts'
import { findMentions, findTags } from '#server/posts/find-mentions.ts'
import { getOriginal, type PostRow } from '#server/posts/find-post.ts'
import { mentionLinks } from '#server/posts/mention-links.ts'
import { renderText } from '#server/posts/render-text.ts'
import { resolveMentions } from '#server/posts/resolve-mentions.ts'
import { findCommunity } from '#server/posts/find-community.ts'
import { isForAnybody } from '#server/posts/visibility.ts'
import { addLinks, type AudienceRow, addAudience } from '#server/posts/write-post.ts'

const submissionKeyCharactersMax = 100

export interface NewPost extends Draft {
  /** The post this one answers. */
  replyToId?: number
  /** The post this one quotes. */
  quoteId?: number
  /** Who may quote, answer, boost and like it; what is absent is as the author's settings say. */
  policies?: ChosenPolicies
  /** One key a form or client request: sent twice it makes one post. */
  submissionKey?: string
}

/**
 * A person of ours writes a post. Mentions are resolved first (that may ask other servers), then post, audience, tags, pictures and
 * the fact `post-published` are written together. A reply to a followers-only or direct post is narrowed to it; a direct post is for the people
 * it mentions, a direct reply without mentions for those of the conversation. Refusals: checkDraft's and attachMedia's; 'missing' when the parent or a picture is
 * not there for the author; 'invalid' for a direct post to nobody; 'forbidden' for whoever may not write, or may not answer or quote that post. Where the author of
 * either wants to be asked first, they are: the reply hangs on nothing until then, and the quote shows nothing.
 */
export async function publishPost(ctx: Context, who: Who, input: NewPost): Promise<PostRow> {
  const author = requireActive(who)
  const submissionKey = input.submissionKey?.slice(0, submissionKeyCharactersMax)
  const before = submissionKey ? await findSubmitted(ctx.db, author.id, submissionKey) : undefined
  if (before) return before

  const { postCharactersMax } = await ctx.settings.get()
  const draft = checkDraft(input, postCharactersMax)
  const parent = input.replyToId === undefined ? undefined : await getOriginal(ctx.db, author.id, input.replyToId)
  const reply = parent && (await requirePermission(ctx.db, 'reply', parent, author.id))
  const quoted = input.quoteId === undefined ? undefined : await getOriginal(ctx.db, author.id, input.quoteId)
  const quote = quoted && (await permitQuote(ctx.db, quoted, author.id))
  const policies = { ...defaultPolicies(who), ...checkPolicies(input.policies ?? {}) }
  const visibility = narrowTo(quoted?.visibility, narrowTo(parent?.visibility, draft.visibility))
  const mentioned = await resolveMentions(ctx, findMentions(draft.text))
  const mentionIds = [...new Set([...mentioned.values()].map((account) => account.id))]
  const people = visibility === 'direct' ? await peopleOfDirect(ctx, author, mentionIds, parent) : mentionIds
  const html = renderText(draft.text, mentionLinks(ctx, mentioned), ctx.config.origin)

  return ctx.transact(async (tx) => {
    const id = tx.newId()
    if (submissionKey) {
      const taken = await tx
        .insert(submissions)
        .values({ accountId: author.id, key: submissionKey, postId: id, createdAt: tx.now })
        .onConflictDoNothing()
        .returning()
      const first = taken.length === 0 ? await findSubmitted(tx, author.id, submissionKey) : undefined
      if (first) return first
    }
    const audienceUri = isForAnybody(visibility) ? await findCommunity(tx, parent, [...mentioned.values()]) : null
    const isHeld = parent !== undefined && reply !== undefined && mustWait(reply, parent)
    const more = { audienceUri, ...policies, isQuote: quoted !== undefined, isHeld }
    const post = await insertPost(ctx, tx, { id, author, draft, visibility, parent, html, more })
    await addAudience(tx, id, audienceOf(author.id, visibility, people))
    await addLinks(tx, id, { mentionIds: people, tags: findTags(draft.text) })
    await attachMedia(tx, post, draft.media, ctx.config.limits.imagesPerPostMax)
    if (draft.poll) await addOwnPoll(tx, id, draft.poll)
    await countPost(tx, post)
    if (isHeld) await addWaitingReply(tx, post, parent)
    if (quoted && quote) await addOwnQuote(tx, post, quoted, quote)
    await record(tx, 'post-published', { postId: id })
    return post
  })
}

/** The post an earlier submission of the same key made, even when it is deleted since: the same form does not make another. */
async function findSubmitted(db: Pick<Tx, 'select'>, accountId: number, key: string): Promise<PostRow | undefined> {
  const [row] = await db
    .select({ post: posts })
    .from(submissions)
    .innerJoin(posts, eq(posts.id, submissions.postId))
    .where(and(eq(submissions.accountId, accountId), eq(submissions.key, key)))
  return row?.post
}

/** Those mentioned; in a reply without mentions the parent's author, and in a reply to oneself the people of the parent. */
async function peopleOfDirect(ctx: Context, author: Account, mentionIds: number[], parent: PostRow | undefined): Promise<number[]> {
  const others = mentionIds.filter((id) => id !== author.id)
  if (others.length > 0) return mentionIds
  if (parent && parent.authorId !== author.id) return [...mentionIds, parent.authorId]
  if (parent) {
    const rows = await ctx.db
      .select({ accountId: postAudience.accountId })
      .from(postAudience)
      .where(and(eq(postAudience.postId, parent.id), eq(postAudience.kind, 'person')))
    if (rows.length > 0) return [...new Set([...mentionIds, ...rows.map((row) => row.accountId)])]
  }
  throw new Refusal('invalid', 'errors.directToNobody', {}, 'text')
}

interface Prepared {
  id: number
  author: Account
  draft: CheckedDraft
  visibility: CheckedDraft['visibility']
  parent: PostRow | undefined
  html: string
  more: Partial<typeof posts.$inferInsert> & Pick<PostRow, 'isHeld'>
}

async function insertPost(ctx: Context, tx: Tx, { id, author, draft, visibility, parent, html, more }: Prepared): Promise<PostRow> {
  const place = more.isHeld ? undefined : parent
  const [post] = await tx
    .insert(posts)
    .values({
      id,
      uri: `${ctx.config.origin}/@${author.name}/${id}`,
      authorId: author.id,
      replyToId: place?.id ?? null,
      replyToUri: parent?.uri ?? null,
      replyToAuthorId: place?.authorId ?? null,
      threadId: place?.threadId ?? id,
      ...(draft.poll ? { type: 'Question' } : {}),
      html,
      source: draft.text,
      warning: draft.warning,
      isSensitive: draft.isSensitive,
      language: draft.language,
      visibility,
      isLocal: true,
      createdAt: tx.now,
      ...more
    })
    .returning()
  if (!post) throw new Error('A new post was not written.')
  return post
}

function audienceOf(authorId: number, visibility: CheckedDraft['visibility'], people: readonly number[]): AudienceRow[] {
  const persons = people.map((accountId): AudienceRow => ({ kind: 'person', accountId }))
  return visibility === 'followers' ? [{ kind: 'followers', accountId: authorId }, ...persons] : persons
}
