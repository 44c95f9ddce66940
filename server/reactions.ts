import { clearAccount } from '#server/accounts/clear-account.ts'
import { touchConversations } from '#server/conversations/touch-conversation.ts'
import type { Reactions } from '#server/facts.ts'
import * as outbound from '#server/federation/outbound.ts'
import { askAgainAfterNewKeys } from '#server/follows/ask-again.ts'
import { carryOver } from '#server/follows/carry-over.ts'
import { removeImportsOf } from '#server/imports/start-import.ts'
import { removeMediaOfAccount } from '#server/media/remove-media.ts'
import { settleDomainSeverity } from '#server/moderation/domain-severity.ts'
import { notifyBanned, withdrawBanned } from '#server/notifications/notify-of-bans.ts'
import { notifyDraftFailed } from '#server/notifications/notify-of-drafts.ts'
import { notifyEdited } from '#server/notifications/notify-of-edits.ts'
import { notifyFollow, notifyMoved, withdrawFollow } from '#server/notifications/notify-of-follows.ts'
import { notifyAccepted, notifyAsked, notifyRefused, withdrawQuote } from '#server/notifications/notify-of-interactions.ts'
import { notifyPollEnded } from '#server/notifications/notify-of-polls.ts'
import { notifyBoosted, notifyFavourited, notifyMentioned } from '#server/notifications/notify-of-posts.ts'
import { notifyWatchers } from '#server/notifications/notify-of-watched.ts'
import { notifyReacted } from '#server/notifications/notify-of-reactions.ts'
import { forgetSevered, tellSevered } from '#server/notifications/severances.ts'
import { askHistoryOfFollowed } from '#server/peers/histories.ts'
import { askLinks } from '#server/profiles/verify-links.ts'
import { indexAffected, indexBoosted, indexReceived, indexWritten } from '#server/search/after-facts.ts'
import { dropDeliveries, dropDeliveriesOfAccount } from '#server/peers/drop-deliveries.ts'
import { announceToRelays } from '#server/peers/relay-post.ts'
import { trustFollowed } from '#server/peers/trust-peer.ts'

/** What follows from what: the instance on one page. */
export const reactions: Reactions = {
  'post-published': {
    together: [notifyMentioned, notifyWatchers, announceToRelays, indexWritten, touchConversations],
    later: { federation: outbound.postPublished }
  },
  'post-edited': {
    together: [notifyEdited, notifyMentioned, indexAffected, touchConversations],
    later: { federation: outbound.postEdited }
  },
  'post-received': { together: [notifyWatchers, indexReceived] },
  'mention-received': { together: [notifyMentioned] },
  'direct-received': { together: [touchConversations] },
  'post-deleted': { later: { federation: outbound.postDeleted } },
  'draft-failed': { together: [notifyDraftFailed] },
  'post-pinned': { later: { federation: outbound.postPinned } },
  'post-unpinned': { later: { federation: outbound.postUnpinned } },
  'post-boosted': { together: [notifyBoosted, indexBoosted], later: { federation: outbound.postBoosted } },
  'post-unboosted': { together: [indexAffected], later: { federation: outbound.postUnboosted } },
  'boost-received': { together: [notifyBoosted] },
  'post-favourited': { together: [notifyFavourited, indexAffected], later: { federation: outbound.postFavourited } },
  'post-unfavourited': { together: [indexAffected], later: { federation: outbound.postUnfavourited } },
  'post-bookmarked': { together: [indexAffected] },
  'post-unbookmarked': { together: [indexAffected] },
  'favourite-received': { together: [notifyFavourited] },
  'post-reacted': { together: [notifyReacted], later: { federation: outbound.postReacted } },
  'post-unreacted': { later: { federation: outbound.postUnreacted } },
  'reaction-received': { together: [notifyReacted] },
  'post-edit-received': { together: [notifyEdited, notifyMentioned, indexAffected, touchConversations] },

  'interaction-requested': { together: [notifyAsked], later: { federation: outbound.interactionRequested } },
  'interaction-accepted': { together: [notifyAccepted], later: { federation: outbound.interactionAccepted } },
  'interaction-rejected': { together: [notifyRefused], later: { federation: outbound.interactionRejected } },
  'interaction-revoked': { together: [withdrawQuote], later: { federation: outbound.interactionRevoked } },
  'quote-changed': { later: { federation: outbound.quoteChanged } },

  'poll-voted': { later: { federation: outbound.pollVoted } },
  'poll-counted': { later: { federation: outbound.pollCounted } },
  'poll-ended': { later: { notices: { run: notifyPollEnded }, federation: outbound.pollEnded } },

  'follow-requested': { together: [notifyFollow, askHistoryOfFollowed], later: { federation: outbound.followRequested } },
  'follow-received': { together: [notifyFollow], later: { federation: outbound.followReceived } },
  'follow-confirmed': { together: [trustFollowed] },
  'follow-accepted': { together: [notifyFollow], later: { federation: outbound.followAccepted } },
  'follow-rejected': { together: [withdrawFollow], later: { federation: outbound.followRejected } },
  'follow-undone': { together: [withdrawFollow], later: { federation: outbound.followUndone } },
  'account-moved': {
    later: { profile: outbound.profileOfMoved, federation: outbound.accountMoved, ties: { run: carryOver, lane: 'slow' } }
  },
  'follower-moved': { together: [notifyMoved], later: { federation: outbound.followerMoved } },
  'follow-asked-again': { later: { federation: outbound.followAskedAgain } },
  'actor-keys-replaced': { later: { follows: { run: askAgainAfterNewKeys, lane: 'slow' } } },
  'account-blocked': { later: { federation: outbound.accountBlocked } },
  'account-unblocked': { later: { federation: outbound.accountUnblocked } },

  'community-banned': { together: [notifyBanned] },
  'community-unbanned': { together: [withdrawBanned] },
  'relay-added': { later: { federation: outbound.relayAdded } },
  'relay-removed': { later: { federation: outbound.relayRemoved } },

  'report-forwarded': { later: { federation: outbound.reportForwarded } },

  'profile-changed': { together: [askLinks], later: { federation: outbound.profileChanged } },
  'account-suspended': { later: { deliveries: { run: dropDeliveriesOfAccount }, federation: outbound.accountSuspended } },
  'account-unsuspended': { later: { federation: outbound.accountUnsuspended } },
  'account-erased': {
    later: {
      federation: outbound.accountErased,
      pictures: { run: removeMediaOfAccount, lane: 'slow' },
      content: { run: clearAccount, lane: 'slow' },
      imports: { run: removeImportsOf, lane: 'slow' }
    }
  },

  'domain-limited': {
    later: { severances: { run: tellSevered, lane: 'slow' }, accounts: { run: settleDomainSeverity }, deliveries: { run: dropDeliveries } }
  },
  'domain-unlimited': { later: { severances: { run: forgetSevered, lane: 'slow' }, accounts: { run: settleDomainSeverity } } }
}
