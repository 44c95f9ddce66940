import { findAccount } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { fetchDocument } from '#server/federation/fetch-document.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { fetchPost } from '#server/federation/fetch-post.ts'
import { readTypes } from '#server/federation/normal-form/read-activity.ts'
import { idsOf, type Json } from '#server/federation/normal-form/values.ts'
import { findByPost, findInteraction } from '#server/interactions/find-interaction.ts'
import { findQuotable, findQuote, judgeQuote, settleQuote } from '#server/interactions/quotes.ts'
import { receiveAuthorizationDelete } from '#server/interactions/receive-answer.ts'
import { acceptInteraction } from '#server/interactions/settle.ts'
import { type OnBehalf, onBehalfOf } from '#server/peers/on-behalf.ts'
import type { FetchBudget } from '#server/platform/fetch-budget.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { findPostById, type PostRow } from '#server/posts/find-post.ts'
import { isOpen } from '#server/posts/visibility.ts'

/**
 * What was found at an authorization's address. `holds`: it is one for the act. `missing` and `gone`: its server says that it is not there, or not any more.
 * `none`: something else, of another act, or at another server. `unreadable`: its server does not let us see, which says nothing.
 */
type Verdict = 'holds' | 'missing' | 'gone' | 'none' | 'unreadable'

/** What an authorization must say to be one for an act. */
interface Claim {
  types: readonly string[]
  authorUri: string
  /** The quoting post or the reply. */
  objectUri: string
  targetUri: string
}

/**
 * Fetches what a post quotes (what that quotes in turn stays a link), reads the authorization at its origin, and settles whether the quote is
 * shown. Throws FetchFault.
 */
export async function checkQuote(ctx: Context, postId: number, budget: FetchBudget): Promise<void> {
  const quote = await findQuote(ctx.db, postId)
  const post = await findPostById(ctx.db, postId)
  if (!quote || !post || post.deletedAt !== null) return
  const quoted = (await findQuotable(ctx.db, quote.quotedUri)) ?? (await fetchQuoted(ctx, post, quote.quotedUri, budget))
  // What a URL led to may have another id, and a boost is not what it boosts: the quote names one post and no other.
  if (quoted.boostOfId !== null) return
  const author = await findAccount(ctx.db, quoted.authorId)
  const uri = quote.authorizationUri
  const isClaimed = uri !== null && author !== undefined && !quoted.isLocal && quoted.authorId !== post.authorId
  const claim = quoteClaim(post, author?.uri ?? '', quoted)
  const isProven =
    isClaimed && (await readAuthorization(ctx, uri, claim, budget, { onBehalf: await asking(ctx, post, quoted, uri) })) === 'holds'
  await ctx.transact(async (tx) => {
    const told = { uri: quote.quotedUri, isLegacy: quote.isLegacy, ...(uri === null ? {} : { authorizationUri: uri }) }
    const judged = await judgeQuote(tx, post, quoted, told)
    const state = isProven ? 'accepted' : isClaimed && judged === 'pending' ? 'rejected' : judged
    await settleQuote(tx, quote, quoted.id, state)
  })
}

/**
 * Reads the authorization of a quote again, since its Delete may never have come here. Gone, or become another's, it is as if deleted. What is merely not there
 * hides the quote until it is looked at again, as it may be back then; but our own posts are not taken apart by a server under repair. Throws FetchFault.
 */
export async function recheckQuote(ctx: Context, postId: number, budget: FetchBudget): Promise<void> {
  const quote = await findQuote(ctx.db, postId)
  const post = await findPostById(ctx.db, postId)
  const quoted = quote?.quotedId == null ? undefined : await findPostById(ctx.db, quote.quotedId)
  const uri = quote?.authorizationUri ?? null
  if (!quote || !post || !quoted || uri === null || quoted.isLocal || post.deletedAt !== null) return
  const author = await findAccount(ctx.db, quoted.authorId)
  if (!author || (quote.state !== 'accepted' && quote.state !== 'pending') || author.id === post.authorId) return
  const verdict = await readAuthorization(ctx, uri, quoteClaim(post, author.uri, quoted), budget, {
    isForced: true,
    onBehalf: await asking(ctx, post, quoted, uri)
  })
  const isOver = verdict === 'gone' || verdict === 'none'
  if (quote.state === 'pending') {
    if (isOver || verdict === 'holds') await ctx.transact((tx) => settleQuote(tx, quote, quoted.id, isOver ? 'rejected' : 'accepted'))
    return
  }
  if (isOver) await ctx.transact((tx) => receiveAuthorizationDelete(tx, { uri, authorId: author.id }))
  if (verdict === 'missing' && !post.isLocal) await ctx.transact((tx) => settleQuote(tx, quote, quoted.id, 'pending'))
}

async function fetchQuoted(ctx: Context, post: PostRow, uri: string, budget: FetchBudget): Promise<PostRow> {
  return fetchPost(ctx, uri, { budget, isQuoted: true, onBehalf: await onBehalfOf(ctx.db, post, uri) })
}

/** What is said of a quoted post that is not for everybody is said to those it is for: to whoever of ours quotes it, or may see it. */
async function asking(ctx: Context, post: PostRow, quoted: PostRow, uri: string): Promise<OnBehalf | undefined> {
  const host = hostOf(uri)
  if (isOpen(quoted.visibility) || host === undefined) return undefined
  return post.isLocal ? { accountId: post.authorId, host } : onBehalfOf(ctx.db, quoted, uri)
}

function quoteClaim(post: { uri: string }, authorUri: string, quoted: { uri: string }): Claim {
  return { types: ['QuoteAuthorization'], authorUri, objectUri: post.uri, targetUri: quoted.uri }
}

/** Reads what proves a reply's right to stand below its parent; only then it does. Throws FetchFault. */
export async function checkReply(
  ctx: Context,
  { postId, authorizationUri }: { postId: number; authorizationUri: string },
  budget: FetchBudget
): Promise<void> {
  const reply = await findPostById(ctx.db, postId)
  const row = await findByPost(ctx.db, 'reply', postId)
  const details = row && (await findInteraction(ctx.db, row.id))
  if (!reply?.isHeld || !details || details.target.isLocal) return
  const author = await findAccount(ctx.db, details.target.authorId)
  const types = ['ReplyAuthorization', 'ReplyApproval']
  const claim = { types, authorUri: author?.uri ?? '', objectUri: reply.uri, targetUri: details.target.uri }
  if (!author) return
  const onBehalf = await onBehalfOf(ctx.db, reply, authorizationUri)
  if ((await readAuthorization(ctx, authorizationUri, claim, budget, { onBehalf })) !== 'holds') return
  await ctx.transact(async (tx) => {
    const now = await findInteraction(tx, details.row.id)
    // While it was read, its author may have taken it back.
    if (now?.row.state === details.row.state) await acceptInteraction(tx, now, authorizationUri)
  })
}

/** An authorization is the author's word on one act with one post, at the author's own server. Of another act, post or author it is none. */
async function readAuthorization(
  ctx: Context,
  uri: string,
  claim: Claim,
  budget: FetchBudget,
  { isForced = false, onBehalf }: { isForced?: boolean; onBehalf?: OnBehalf | undefined } = {}
): Promise<Verdict> {
  if (hostOf(uri) !== hostOf(claim.authorUri)) return 'none'
  try {
    const { id, json } = await fetchDocument(ctx, uri, { budget, isForced, onBehalf })
    return id === uri && isFor(json, claim) ? 'holds' : readTypes(json).includes('Tombstone') ? 'gone' : 'none'
  } catch (error) {
    if (!(error instanceof FetchFault) || error.isTemporary) throw error
    return error.isBuried ? 'gone' : error.isGone ? 'missing' : 'unreadable'
  }
}

function isFor(json: Json, claim: Claim): boolean {
  const types = readTypes(json)
  // Before there were authorizations, the Accept of an act stood for one.
  if (types.includes('Accept')) return isSole(json.actor, claim.authorUri) && isSole(json.object, claim.objectUri)
  return (
    types.some((type) => claim.types.includes(type)) &&
    isSole(json.attributedTo, claim.authorUri) &&
    isSole(json.interactingObject, claim.objectUri) &&
    isSole(json.interactionTarget, claim.targetUri)
  )
}

function isSole(value: unknown, uri: string): boolean {
  const ids = idsOf(value)
  return ids.length === 1 && ids[0] === uri
}
