import { and, eq } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { postMentions, posts } from '#db/schema/posts.ts'
import { type QuoteState, quotes } from '#db/schema/quotes.ts'
import { authorizationOf } from '#server/interactions/authorizations.ts'
import { findByObject } from '#server/interactions/find-interaction.ts'
import { findPermission } from '#server/interactions/find-permission.ts'
import { stateFor } from '#server/interactions/write-interaction.ts'
import { isBlocking } from '#server/follows/find-follow.ts'
import { notify } from '#server/notifications/notify.ts'
import { findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { isForAnybody } from '#server/posts/visibility.ts'

export type QuoteRow = typeof quotes.$inferSelect

/** What a post of another server says it quotes. */
export interface ToldQuote {
  uri: string
  /** Said only in words that know no consent (`quoteUrl`, `_misskey_quote`, a Link): see judgeQuote. */
  isLegacy: boolean
  /** The QuoteAuthorization it names. */
  authorizationUri?: string
}

export async function findQuote(db: Reader, postId: number): Promise<QuoteRow | undefined> {
  const [row] = await db.select().from(quotes).where(eq(quotes.postId, postId))
  return row
}

/** Writes what a post that has just come quotes. */
export async function addToldQuote(tx: Tx, post: PostRow, told: ToldQuote): Promise<void> {
  const quoted = await findQuotable(tx, told.uri)
  const state = await judgeQuote(tx, post, quoted, told)
  await tx
    .insert(quotes)
    .values({
      postId: post.id,
      quotedUri: told.uri,
      quotedId: quoted?.id ?? null,
      state,
      isLegacy: told.isLegacy,
      authorizationUri: told.authorizationUri ?? null,
      createdAt: tx.now
    })
    .onConflictDoNothing()
  // Whoever asks first is told of by the answer; of the others the quoted person hears here.
  const isShownUnasked = quoted?.isLocal && state === 'accepted' && !(await findByObject(tx, 'quote', quoted.id, post.uri))
  if (isShownUnasked) await notify(tx, [quoted.authorId], { kind: 'quote', fromId: post.authorId, postId: post.id })
}

/**
 * Brings a quote to what its post says now. Another quoted post, or another authorization, begins from the start: nothing that was proven for
 * one is believed of another. What was taken back stays so as long as nothing else is named.
 */
export async function refreshToldQuote(tx: Tx, post: PostRow, told: ToldQuote | undefined): Promise<void> {
  const known = post.isQuote ? await findQuote(tx, post.id) : undefined
  const isSame = known?.quotedUri === told?.uri && (known?.authorizationUri ?? undefined) === told?.authorizationUri
  if (isSame) return
  // What the two servers have settled between them without naming it in the post stays settled.
  if (known && told && known.quotedUri === told.uri && told.authorizationUri === undefined && (await isOurs(tx, known))) return
  await tx.delete(quotes).where(eq(quotes.postId, post.id))
  await tx
    .update(posts)
    .set({ isQuote: told !== undefined })
    .where(eq(posts.id, post.id))
  if (told) await addToldQuote(tx, post, told)
}

/**
 * Whether a quote is shown, as far as it can be told from here (FEP-044f, verifying third-party quote posts). One's own posts, and those one is
 * mentioned in, may be quoted; of ours, what was decided here counts, or else the policy; everything else needs an authorization, which is read elsewhere
 * first. What comes from a server that knows no consent counts as nobody's consent, and is shown, marked, where the quoted post asks for none or lets in
 * everybody unasked: naming it in old words alone gets nobody round a policy.
 */
export async function judgeQuote(
  tx: Reader,
  post: Pick<PostRow, 'authorId' | 'uri'>,
  quoted: PostRow | undefined,
  told: ToldQuote
): Promise<QuoteState> {
  if (!quoted) return 'pending'
  if (quoted.authorId === post.authorId) return 'accepted'
  if (quoted.isLocal) return judgeQuoteOfOurs(tx, post, quoted, told)
  if (await isMentioned(tx, quoted.id, post.authorId)) return 'accepted'
  if (!told.isLegacy || told.authorizationUri !== undefined || !isForAnybody(quoted)) return 'pending'
  const isOpen = quoted.canQuote === null || (await findPermission(tx, 'quote', quoted, post.authorId)) === 'free'
  return isOpen ? 'unverified' : 'pending'
}

async function judgeQuoteOfOurs(
  tx: Reader,
  post: Pick<PostRow, 'authorId' | 'uri'>,
  quoted: PostRow,
  told: ToldQuote
): Promise<QuoteState> {
  const known = await findByObject(tx, 'quote', quoted.id, post.uri)
  // Somebody else of that server may have asked in the name of this post.
  const decided = known?.fromId === post.authorId ? known : undefined
  if (decided?.state === 'accepted' && told.authorizationUri !== undefined)
    return told.authorizationUri === authorizationOf(quoted.uri, decided.id) ? 'accepted' : 'rejected'
  if (decided) return decided.state
  if (!told.isLegacy) return told.authorizationUri === undefined ? 'pending' : 'rejected'
  // No policy opens a post to those its author wants nothing to do with.
  if (await isBlocking(tx, quoted.authorId, post.authorId)) return 'rejected'
  const permission = await findPermission(tx, 'quote', quoted, post.authorId)
  // Its server asks nobody, and would have been told yes: the policy is her own word, and she may still take it back.
  return stateFor(permission)
}

/** Writes what was found out about a quote, unless its post names another quoted post or authorization by now, or it was decided meanwhile. */
export async function settleQuote(tx: Tx, checked: QuoteRow, quotedId: number, state: QuoteState): Promise<void> {
  const now = await findQuote(tx, checked.postId)
  if (!now || now.quotedUri !== checked.quotedUri || now.authorizationUri !== checked.authorizationUri || now.state !== checked.state)
    return
  await tx.update(quotes).set({ quotedId, state, checkedAt: tx.now }).where(eq(quotes.postId, checked.postId))
}

/** What a post of elsewhere may quote, by its id: no boost, and nothing local-only, of which nobody elsewhere knows. */
export async function findQuotable(db: Reader, uri: string): Promise<PostRow | undefined> {
  const post = await findPostByUri(db, uri)
  return post?.boostOfId === null && !post.isLocalOnly ? post : undefined
}

async function isMentioned(db: Reader, postId: number, accountId: number): Promise<boolean> {
  const rows = await db
    .select({ accountId: postMentions.accountId })
    .from(postMentions)
    .where(and(eq(postMentions.postId, postId), eq(postMentions.accountId, accountId)))
  return rows.length > 0
}

async function isOurs(db: Reader, { quotedId }: QuoteRow): Promise<boolean> {
  if (quotedId === null) return false
  const [quoted] = await db.select({ isLocal: posts.isLocal }).from(posts).where(eq(posts.id, quotedId))
  return quoted?.isLocal ?? false
}
