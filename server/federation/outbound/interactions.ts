import { findAccount } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import type { LaterRun } from '#server/facts.ts'
import { send } from '#server/federation/outbound/send.ts'
import { likeOf } from '#server/federation/vocabulary/addresses.ts'
import { type Activity, toAnnounce, toLike, toUndo } from '#server/federation/vocabulary/to-activity.ts'
import { activityStreams } from '#server/federation/vocabulary/context.ts'
import { authorizationTerms, withTerms } from '#server/federation/vocabulary/interaction-terms.ts'
import { findActAuthorization } from '#server/interactions/outgoing.ts'
import { findOutgoing } from '#server/peers/outgoing-posts.ts'
import { findFollowerInboxes, findRecipients } from '#server/peers/recipients.ts'
import { findPostWithAuthor, hasFavourite } from '#server/peers/relations.ts'
import { findGroupAccount } from '#server/posts/find-community.ts'

/** A boost: Announce, to the author at once and to the booster's followers. */
export const sendAnnounce: LaterRun<'post-boosted'> = async (ctx, { boostId }, job) => {
  const boost = await findOutgoing(ctx.db, boostId)
  if (!boost || boost.post.deletedAt !== null || boost.authorSuspendedAt !== null || boost.post.boostOfId === null) return
  if (boost.post.isLocalOnly) return
  const original = await findPostWithAuthor(ctx.db, boost.post.boostOfId)
  if (!original) return
  const { uri, createdAt, visibility, authorId } = boost.post
  const activity = toAnnounce({
    uri,
    createdAt,
    visibility,
    actorUri: boost.authorUri,
    objectUri: original.uri,
    objectAuthorUri: original.author.uri
  })
  const proof = original.isLocal ? undefined : await findActAuthorization(ctx.db, uri)
  if (proof !== undefined) Object.assign(activity, toProof('announceAuthorization', proof))
  await send(ctx, job, { activity, actorId: authorId, orderKey: uri, ...(await boostInboxes(ctx, authorId, original.author.id)) })
}

/** A boost taken back. */
export const sendUndoAnnounce: LaterRun<'post-unboosted'> = async (ctx, { boosterId, postId, boostUri }, job) => {
  const booster = await findAccount(ctx.db, boosterId)
  const original = await findPostWithAuthor(ctx.db, postId)
  if (!booster || booster.domain !== null || !original || original.isLocalOnly) return
  const announce = toAnnounce({
    uri: boostUri,
    createdAt: ctx.clock.now(),
    visibility: 'public',
    actorUri: booster.uri,
    objectUri: original.uri,
    objectAuthorUri: original.author.uri
  })
  delete announce.published
  await send(ctx, job, {
    activity: toUndo(announce),
    actorId: boosterId,
    objectUri: boostUri,
    orderKey: boostUri,
    ...(await boostInboxes(ctx, boosterId, original.author.id)),
    cancels: { objectUri: boostUri, firstUri: boostUri }
  })
}

/** A favourite of somebody else's post elsewhere, or of one in a community: Like, to its author and to the community alone. */
export const sendLike: LaterRun<'post-favourited'> = async (ctx, { favouriteId, accountId, postId }, job) => {
  if (!(await hasFavourite(ctx.db, favouriteId))) return
  const like = await findLike(ctx, favouriteId, accountId, postId)
  if (like)
    await send(ctx, job, { activity: like.activity, actorId: accountId, orderKey: orderOf(accountId, postId), direct: like.inboxes })
}

/** A favourite taken back. */
export const sendUndoLike: LaterRun<'post-unfavourited'> = async (ctx, { favouriteId, accountId, postId }, job) => {
  const like = await findLike(ctx, favouriteId, accountId, postId)
  if (!like) return
  const { id } = like.activity
  await send(ctx, job, {
    activity: toUndo(like.activity),
    actorId: accountId,
    objectUri: id,
    orderKey: orderOf(accountId, postId),
    direct: like.inboxes,
    cancels: { objectUri: id, firstUri: id }
  })
}

async function boostInboxes(ctx: Context, boosterId: number, authorId: number) {
  const [author, fanOut] = await Promise.all([findRecipients(ctx.db, boosterId, [authorId]), findFollowerInboxes(ctx.db, boosterId)])
  return { direct: author.map((one) => one.sharedInbox), fanOut }
}

async function findLike(ctx: Context, favouriteId: number, accountId: number, postId: number) {
  const [account, post] = await Promise.all([findAccount(ctx.db, accountId), findPostWithAuthor(ctx.db, postId)])
  if (!account || account.domain !== null || !post || post.isLocalOnly) return undefined
  const community = await findGroupAccount(ctx.db, post.audienceUri)
  if (post.isLocal && !community) return undefined
  const activity: Activity = toLike({
    uri: likeOf(account.uri, favouriteId),
    actorUri: account.uri,
    objectUri: post.uri,
    objectAuthorUri: post.author.uri,
    communityUri: community?.uri
  })
  const proof = post.isLocal ? undefined : await findActAuthorization(ctx.db, activity.id)
  if (proof !== undefined) Object.assign(activity, toProof('likeAuthorization', proof))
  const recipients = await findRecipients(ctx.db, accountId, [post.author.id, ...(community ? [community.id] : [])])
  return { activity, inboxes: recipients.map((one) => one.inbox) }
}

/** What proves that the post's author agreed, in the words of GoToSocial and its older ones. */
function toProof(term: 'likeAuthorization' | 'announceAuthorization', uri: string): Record<string, unknown> {
  return { '@context': withTerms([activityStreams], authorizationTerms), [term]: uri, approvedBy: uri }
}

/** Likes of one post by one person go in order, whatever their ids. */
function orderOf(accountId: number, postId: number): string {
  return `like ${accountId} ${postId}`
}
