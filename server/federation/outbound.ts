import type { Later } from '#server/facts.ts'
import {
  sendActorDelete,
  sendActorUpdate,
  sendEndOfSuspension,
  sendMovedActor,
  sendSuspension
} from '#server/federation/outbound/actors.ts'
import {
  sendAccept,
  sendAcceptOfReceived,
  sendBlock,
  sendFollow,
  sendFollowAgain,
  sendReject,
  sendUndoBlock,
  sendUndoFollow,
  sendUndoOfMoved
} from '#server/federation/outbound/follows.ts'
import { sendAnnounce, sendLike, sendUndoAnnounce, sendUndoLike } from '#server/federation/outbound/interactions.ts'
import { sendMove } from '#server/federation/outbound/moves.ts'
import { sendAdd, sendRemove } from '#server/federation/outbound/pins.ts'
import { sendPollCounts, sendPollEnd, sendVote } from '#server/federation/outbound/polls.ts'
import { sendCreate, sendDelete, sendUpdate } from '#server/federation/outbound/posts.ts'
import { sendAcceptance, sendQuoteChange, sendRejection, sendRequest, sendRevocation } from '#server/federation/outbound/requests.ts'
import { sendRelayFollow, sendRelayUndo } from '#server/federation/outbound/relays.ts'
import { sendReaction, sendUndoReaction } from '#server/federation/outbound/reactions.ts'
import { sendReport } from '#server/federation/outbound/reports.ts'

/**
 * What goes out to other servers, by what happened here; server/reactions.ts names these beside whatever else follows. Jobs of
 * one post, boost, favourite, pair of people or profile run one after another, so that nothing is undone before it was done.
 */
export const postPublished: Later<'post-published'> = { run: sendCreate, orderKey: ({ postId }) => `post ${postId}` }
export const postEdited: Later<'post-edited'> = { run: sendUpdate, orderKey: ({ postId }) => `post ${postId}` }
export const postDeleted: Later<'post-deleted'> = { run: sendDelete, orderKey: ({ postId }) => `post ${postId}` }
export const postPinned: Later<'post-pinned'> = { run: sendAdd, orderKey: ({ postId }) => `post ${postId}` }
export const postUnpinned: Later<'post-unpinned'> = { run: sendRemove, orderKey: ({ postId }) => `post ${postId}` }
export const postBoosted: Later<'post-boosted'> = { run: sendAnnounce, orderKey: ({ boostId }) => `boost ${boostId}` }
export const postUnboosted: Later<'post-unboosted'> = { run: sendUndoAnnounce, orderKey: ({ boostId }) => `boost ${boostId}` }
export const postFavourited: Later<'post-favourited'> = { run: sendLike, orderKey: likeOrder }
export const postUnfavourited: Later<'post-unfavourited'> = { run: sendUndoLike, orderKey: likeOrder }
export const postReacted: Later<'post-reacted'> = { run: sendReaction, orderKey: ({ reactionId }) => `reaction ${reactionId}` }
export const postUnreacted: Later<'post-unreacted'> = { run: sendUndoReaction, orderKey: ({ reactionId }) => `reaction ${reactionId}` }

export const interactionRequested: Later<'interaction-requested'> = { run: sendRequest, orderKey: interactionOrder }
export const interactionAccepted: Later<'interaction-accepted'> = { run: sendAcceptance, orderKey: interactionOrder }
export const interactionRejected: Later<'interaction-rejected'> = { run: sendRejection }
export const interactionRevoked: Later<'interaction-revoked'> = { run: sendRevocation }
export const quoteChanged: Later<'quote-changed'> = { run: sendQuoteChange, orderKey: ({ postId }) => `post ${postId}` }

export const pollVoted: Later<'poll-voted'> = { run: sendVote }
export const pollCounted: Later<'poll-counted'> = { run: sendPollCounts, orderKey: ({ postId }) => `post ${postId}`, lane: 'slow' }
export const pollEnded: Later<'poll-ended'> = { run: sendPollEnd, orderKey: ({ postId }) => `post ${postId}` }

export const followRequested: Later<'follow-requested'> = { run: sendFollow }
export const followReceived: Later<'follow-received'> = { run: sendAcceptOfReceived }
export const followAccepted: Later<'follow-accepted'> = { run: sendAccept }
export const followRejected: Later<'follow-rejected'> = { run: sendReject }
export const followUndone: Later<'follow-undone'> = { run: sendUndoFollow }
export const followerMoved: Later<'follower-moved'> = { run: sendUndoOfMoved, lane: 'slow' }
export const followAskedAgain: Later<'follow-asked-again'> = { run: sendFollowAgain, lane: 'slow' }
export const accountBlocked: Later<'account-blocked'> = { run: sendBlock, orderKey: blockOrder }
export const accountUnblocked: Later<'account-unblocked'> = { run: sendUndoBlock, orderKey: blockOrder }

export const relayAdded: Later<'relay-added'> = { run: sendRelayFollow, orderKey: relayOrder }
export const relayRemoved: Later<'relay-removed'> = { run: sendRelayUndo, orderKey: relayOrder }

export const reportForwarded: Later<'report-forwarded'> = { run: sendReport }

export const profileChanged: Later<'profile-changed'> = { run: sendActorUpdate, orderKey: actorOrder }
export const profileOfMoved: Later<'account-moved'> = { run: sendMovedActor, orderKey: actorOrder }
export const accountMoved: Later<'account-moved'> = { run: sendMove, orderKey: actorOrder }
export const accountSuspended: Later<'account-suspended'> = { run: sendSuspension, orderKey: actorOrder }
export const accountUnsuspended: Later<'account-unsuspended'> = { run: sendEndOfSuspension, orderKey: actorOrder }
export const accountErased: Later<'account-erased'> = { run: sendActorDelete, orderKey: actorOrder }

/** What is asked for a post goes before the post itself. */
function interactionOrder({ interactionId, postId }: { interactionId: number; postId: number | null }): string {
  return postId === null ? `interaction ${interactionId}` : `post ${postId}`
}

function likeOrder({ accountId, postId }: { accountId: number; postId: number }): string {
  return `like ${accountId} ${postId}`
}

function relayOrder({ relayId }: { relayId: number }): string {
  return `relay ${relayId}`
}

function blockOrder({ accountId, targetId }: { accountId: number; targetId: number }): string {
  return `block ${accountId} ${targetId}`
}

function actorOrder({ accountId }: { accountId: number }): string {
  return `actor ${accountId}`
}
