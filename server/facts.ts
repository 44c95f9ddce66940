import type { Tx } from '#db/reader.ts'
import type { Context } from '#server/context.ts'
import type { JobRun } from '#server/jobs/job-run.ts'

/** What can happen here: a name in the past tense, with ids only. */
export interface Facts {
  'account-created': { accountId: number }
  /** Name, picture, fields or locks of one of ours changed. */
  'profile-changed': { accountId: number }
  'account-suspended': { accountId: number }
  'account-unsuspended': { accountId: number }
  /** One of ours is erased; the name stays taken. */
  'account-erased': { accountId: number }

  'post-published': { postId: number }
  'post-edited': { postId: number }
  'post-deleted': { postId: number }
  /** A draft of one of ours could not be published at its time: it is a draft again, which says why. */
  'draft-failed': { draftId: number; accountId: number }

  'post-boosted': { boostId: number }
  /** The boost's row is gone: everything needed stands here. */
  'post-unboosted': { boostId: number; boosterId: number; postId: number; boostUri: string }
  'post-favourited': { favouriteId: number; accountId: number; postId: number }
  'post-unfavourited': { favouriteId: number; accountId: number; postId: number }
  /** One of ours keeps a post for themselves, or no longer does. */
  'post-bookmarked': { accountId: number; postId: number }
  'post-unbookmarked': { accountId: number; postId: number }

  'post-reacted': { reactionId: number; accountId: number; postId: number }
  /** The reaction's row is gone: everything needed stands here. */
  'post-unreacted': { reactionId: number; accountId: number; postId: number; emoji: string; mediaKey: string | null }

  /** One of ours shows a post first on their profile, or no longer does. */
  'post-pinned': { accountId: number; postId: number }
  'post-unpinned': { accountId: number; postId: number }

  /** Remote twins: nothing of them is ever sent out. */
  /** `isOld` when it was looked for, long after it was written: nobody is told of it. */
  'post-received': { postId: number; isOld?: boolean }
  /** The same post names somebody; or is for those alone whom it names. Most do neither, and nothing is looked for then. */
  'mention-received': { postId: number; isOld?: boolean }
  'direct-received': { postId: number; isOld?: boolean }
  'boost-received': { boostId: number }
  'favourite-received': { favouriteId: number; accountId: number; postId: number }
  'reaction-received': { reactionId: number; accountId: number; postId: number }
  /** A post of elsewhere reads otherwise now, by its author's own word. */
  'post-edit-received': { postId: number }

  /** One of ours voted in a poll elsewhere, a vote an option. */
  'poll-voted': { voteId: number }
  /** Counts of a poll of ours changed some time ago. */
  'poll-counted': { postId: number }
  /** A poll is over: one of ours, or one that was told or found to be. */
  'poll-ended': { postId: number }

  /** One of ours asked to follow (anybody). */
  'follow-requested': { followId: number }
  /** A remote account asked to follow one of ours; `isRepeated` when it was accepted before. */
  'follow-received': { followId: number; isRepeated: boolean }
  /** One of ours accepted a follower. */
  'follow-accepted': { followId: number }
  /** One of ours refused a request or removed a follower; the row is gone. */
  'follow-rejected': { followerId: number; followedId: number; followUri: string }
  /** One of ours took a follow or request back; the row is gone. */
  'follow-undone': { followerId: number; followedId: number; followUri: string }
  /** A remote account accepted a follow of one of ours. */
  'follow-confirmed': { followId: number }
  /** An account, ours or of elsewhere, moved to another: its followers here are about to follow that one. */
  'account-moved': { accountId: number; targetId: number }
  /** One of ours follows the new account, or asked to, in place of the one that was left. */
  'follower-moved': { followerId: number; accountId: number; targetId: number; followUri: string }
  /** One of ours asks once more to follow somebody elsewhere who never answered, or whose server has forgotten it. */
  'follow-asked-again': { followId: number }
  /** A remote actor has other keys than all it had: its server may have been set up anew. */
  'actor-keys-replaced': { accountId: number }
  'account-blocked': { blockId: number; accountId: number; targetId: number; blockUri: string }
  'account-unblocked': { accountId: number; targetId: number; blockUri: string }

  /** Somebody asks to quote, answer, like or boost a post whose author wants to be asked; by whoever, of whomever. */
  'interaction-requested': { interactionId: number; postId: number | null }
  'interaction-accepted': { interactionId: number; postId: number | null }
  'interaction-rejected': { interactionId: number }
  /** One of ours takes back what they agreed to. */
  'interaction-revoked': { interactionId: number }
  /** A post of ours quotes with another right than before. */
  'quote-changed': { postId: number }

  /** A community elsewhere keeps one of ours out, or lets them in again. */
  'community-banned': { groupId: number; accountId: number }
  'community-unbanned': { groupId: number; accountId: number }
  /** An admin subscribed to a relay; or took it away again, and its row is gone. */
  'relay-added': { relayId: number }
  'relay-removed': { relayId: number; inboxUrl: string; actorUri: string | null; kind: 'mastodon' | 'litepub'; followUri: string }

  'report-filed': { reportId: number }
  /** Whoever reported wants the account's own server to have a copy, of what they said then; what was said is absent in those of before it was kept. */
  'report-forwarded': { reportId: number; comment?: string; postUris?: string[] }
  'report-handled': { reportId: number }
  'report-reopened': { reportId: number }
  /** A moderator let somebody in who had asked; or did not, and all that was known of them is gone. */
  'sign-up-approved': { accountId: number }
  'sign-up-rejected': { accountId: number }
  'account-silenced': { accountId: number }
  'account-unsilenced': { accountId: number }
  'role-changed': { accountId: number }
  /** Somebody else ended all sessions of one of ours. */
  'sessions-ended': { accountId: number }
  'invite-created': { inviteId: number }
  'invite-revoked': { inviteId: number }
  'settings-changed': Record<string, never>
  'domain-limited': { domain: string }
  'domain-unlimited': { domain: string }
}

export type FactName = keyof Facts

/** Runs in the fact's own transaction: bounded, database only. */
export type Together<N extends FactName> = (tx: Tx, ids: Facts[N]) => Promise<void>

/** Runs later as a job of its own, at least once; `job.finish(tx)` makes its database effects happen exactly once. */
export type LaterRun<N extends FactName> = (ctx: Context, ids: Facts[N], job: JobRun) => Promise<void>

export interface Later<N extends FactName> {
  run: LaterRun<N>
  /** `quick` (default) for what a person waits for. */
  lane?: 'quick' | 'slow'
  /** Jobs of one key run one after another. */
  orderKey?: (ids: Facts[N]) => string
}

export type Reactions = { [N in FactName]?: { together?: Together<N>[]; later?: Record<string, Later<N>> } }

/** Says that something happened, in the transaction in which it happens; what follows is written in the same transaction. */
export function record<N extends FactName>(tx: Tx, name: N, ids: Facts[N]): Promise<void> {
  return tx.react(name, ids)
}
