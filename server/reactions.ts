import type { Reactions } from '#server/facts.ts'
import { notifyFollow, withdrawFollow } from '#server/notifications/notify-of-follows.ts'
import { notifyBoosted, notifyFavourited, notifyMentioned } from '#server/notifications/notify-of-posts.ts'

/** What follows from what: the instance on one page. */
export const reactions: Reactions = {
  'post-published': { together: [notifyMentioned] },
  'post-edited': { together: [notifyMentioned] },
  'post-received': { together: [notifyMentioned] },
  'post-boosted': { together: [notifyBoosted] },
  'boost-received': { together: [notifyBoosted] },
  'post-favourited': { together: [notifyFavourited] },
  'favourite-received': { together: [notifyFavourited] },

  'follow-requested': { together: [notifyFollow] },
  'follow-received': { together: [notifyFollow] },
  'follow-accepted': { together: [notifyFollow] },
  'follow-rejected': { together: [withdrawFollow] },
  'follow-undone': { together: [withdrawFollow] }
}
