import { and, eq } from 'drizzle-orm'
import { postAudience } from '#db/schema/posts.ts'
import type { Account, Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { FormRefusal, Refusal } from '#server/errors.ts'
import { requirePermission } from '#server/interactions/ask.ts'
import { type ChosenPolicies, checkPolicies, defaultPolicies } from '#server/interactions/policy-choices.ts'
import type { Permission, PolicyColumn } from '#server/interactions/policy.ts'
import { permitQuote } from '#server/interactions/write-own.ts'
import { requireActive } from '#server/posts/authors.ts'
import { type CheckedDraft, checkDraft, type Draft, narrowTo } from '#server/posts/check-draft.ts'
import { getOriginal, type PostRow } from '#server/posts/find-post.ts'
import { mentionLinks } from '#server/posts/mention-links.ts'
import { resolveMentions } from '#server/posts/resolve-mentions.ts'
import { peopleHere, requireNobodyElsewhere } from '#server/posts/local-only.ts'
import { usualVisibility } from '#server/posts/usual-visibility.ts'
import { readText } from '#server/posts/written-text.ts'

/** Posts one person may write at once, each going on from the one before. */
export const threadPartsMax = 10
/** Fields that each part of a thread has; the others stand once, for all of it. */
const fieldsOfPart = new Set(['text', 'images'])

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

/** A post that was checked and rendered: all that remains is to write it. */
export interface PreparedPost {
  author: Account
  draft: CheckedDraft
  visibility: CheckedDraft['visibility']
  /** What was chosen, where its author wants that remembered; undefined when nothing is to be. */
  remembered: CheckedDraft['visibility'] | undefined
  /** Chosen, or since what it answers, quotes or goes on from is. */
  isLocalOnly: boolean
  html: string
  /** Keys of its hashtags. */
  tags: string[]
  policies: Partial<Record<PolicyColumn, string | null>>
  /** Whom the text names, each once. */
  mentioned: Account[]
  /** Those named, and whom a direct post is for besides; of a local-only post those who live here. */
  people: number[]
  parent: PostRow | undefined
  /** What the parent's author lets this one do. */
  reply: Permission | undefined
  quoted: PostRow | undefined
  quote: Permission | undefined
}

/** All that publishing looks at before it writes: for what is to be published later, or now. Refusals: as publishThread's, but for those of pictures. */
export async function checkThread(ctx: Context, who: Who, parts: readonly NewPost[]): Promise<PreparedPost[]> {
  if (parts.length === 0 || parts.length > threadPartsMax)
    throw new Refusal('invalid', 'errors.threadTooLong', { max: threadPartsMax }, 'text')
  const prepared: PreparedPost[] = []
  for (const [at, part] of parts.entries()) prepared.push(await inPart(at, () => preparePost(ctx, who, part, prepared.at(-1))))
  return prepared
}

/** Names in a refusal which part was wrong. */
export async function inPart<T>(at: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (at === 0 || !(error instanceof Refusal)) throw error
    throw error instanceof FormRefusal ? new FormRefusal(error.fields.map((each) => named(each, at))) : named(error, at)
  }
}

function named(refusal: Refusal, at: number): Refusal {
  const { kind, key, values, field } = refusal
  return field !== undefined && fieldsOfPart.has(field) ? new Refusal(kind, key, values, `${field}${at + 1}`) : refusal
}

/**
 * Checks and renders what a person writes; mentions are resolved, which may ask other servers. `before` is the part of a thread that this one goes on
 * from, which is not written yet: it is as narrow, and for the same people at least. Refusals: as publishPost's, but for those of pictures.
 */
export async function preparePost(ctx: Context, who: Who, input: NewPost, before?: PreparedPost): Promise<PreparedPost> {
  const author = requireActive(who)
  const { postCharactersMax } = await ctx.settings.get()
  const draft = checkDraft(input, postCharactersMax)
  const parent = input.replyToId === undefined ? undefined : await getOriginal(ctx.db, author.id, input.replyToId)
  const reply = parent && (await requirePermission(ctx.db, 'reply', parent, author.id))
  const quoted = input.quoteId === undefined ? undefined : await getOriginal(ctx.db, author.id, input.quoteId)
  const quote = quoted && (await permitQuote(ctx.db, quoted, author.id))
  const visibility = narrowTo(quoted?.visibility, narrowTo(before?.visibility ?? parent?.visibility, draft.visibility))
  const isLocalOnly = [draft, before, parent, quoted].some((one) => one?.isLocalOnly)
  if (isLocalOnly) requireNobodyElsewhere(author.id, { parent, reply, quoted })
  const written = readText(draft)
  const byHandle = await resolveMentions(ctx, written.mentions)
  const mentioned = [...new Map([...byHandle.values()].map((account) => [account.id, account])).values()]
  const mentionIds = mentioned.map(({ id }) => id)
  const all = visibility === 'direct' ? await peopleOfDirect(ctx, author, mentionIds, { parent, before }) : mentionIds
  const people = isLocalOnly ? await peopleHere(ctx.db, all) : all
  if (isLocalOnly && visibility === 'direct' && people.length === 0) throw new Refusal('invalid', 'errors.localOnlyToNobody', {}, 'text')
  return {
    author,
    draft,
    visibility,
    remembered: before || parent ? undefined : toRemember(who, draft.visibility),
    isLocalOnly,
    html: written.render(mentionLinks(ctx, byHandle), ctx.config.origin),
    tags: written.tags,
    policies: { ...defaultPolicies(who), ...checkPolicies(input.policies ?? {}) },
    mentioned,
    people,
    parent,
    reply,
    quoted,
    quote
  }
}

interface Answered {
  parent: PostRow | undefined
  before: PreparedPost | undefined
}

/** Those mentioned; in a reply without mentions the parent's author, and in a reply to oneself the people of the parent. */
async function peopleOfDirect(ctx: Context, author: Account, mentionIds: number[], { parent, before }: Answered): Promise<number[]> {
  if (before) return [...new Set([...before.people, ...mentionIds])]
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

/** A visibility that was chosen, unless it is the one that stands remembered already. */
function toRemember(who: Who, chosen: CheckedDraft['visibility']): CheckedDraft['visibility'] | undefined {
  if (who.kind !== 'account' || !who.user.keepsVisibility) return undefined
  return usualVisibility(who.user) === chosen ? undefined : chosen
}
