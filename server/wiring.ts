import type { Wiring } from '#server/context.ts'
import { createDeliveryLoop } from '#server/federation/deliver/loop.ts'
import { createFediverse } from '#server/federation/fediverse.ts'
import { settleFollowers } from '#server/federation/follower-sync/settle-followers.ts'
import { publishKind } from '#server/drafts/schedule-draft.ts'
import { publishScheduled } from '#server/drafts/publish-scheduled.ts'
import { forwardJobs } from '#server/federation/forward-reply.ts'
import { relayJobs } from '#server/federation/outbound/relays.ts'
import { fetchJobs } from '#server/federation/fetch-jobs.ts'
import { hiddenDomainJobs } from '#server/follows/hide-domain.ts'
import { sweepFiles } from '#server/media/sweep-files.ts'
import { importKind } from '#server/imports/start-import.ts'
import { workImport } from '#server/imports/work-import.ts'
import { previewKind } from '#server/previews/ask-previews.ts'
import { fetchPreview } from '#server/previews/fetch-preview.ts'
import { pollJobs } from '#server/polls/poll-jobs.ts'
import { readNodeInfo } from '#server/federation/read-nodeinfo.ts'
import { releaseHeld } from '#server/federation/release-held.ts'
import { verifyKind, verifyLinks } from '#server/profiles/verify-links.ts'
import { reactions } from '#server/reactions.ts'
import { stepRetention } from '#server/retention/step.ts'
import { indexJob, stepSearchIndex } from '#server/search/index-earlier.ts'
import { mergeJob, stepMerge } from '#server/search/merge-index.ts'
import { indexPostsOfJob, stepPostsOf } from '#server/search/index-posts-of.ts'
import { schedules } from '#server/schedules.ts'
import { mailJobs } from '#server/sign-in/mails.ts'
import { forgetUses, forgetUsesKind } from '#server/emoji/forget-uses.ts'
import { adoptMoreQuotes, adoptQuotesKind } from '#server/interactions/adopt-quotes.ts'

/** What joins the layers: the process and the tests hand it to the Context. */
export const wiring: Wiring = {
  reactions,
  schedules,
  jobs: {
    ...fetchJobs,
    ...forwardJobs,
    ...relayJobs,
    ...mailJobs,
    ...pollJobs,
    ...hiddenDomainJobs,
    [publishKind]: publishScheduled,
    [indexJob]: stepSearchIndex,
    [mergeJob]: stepMerge,
    [indexPostsOfJob]: stepPostsOf,
    [verifyKind]: verifyLinks,
    [previewKind]: fetchPreview,
    [importKind]: workImport,
    'settle-followers': settleFollowers,
    'sweep-media-files': sweepFiles,
    'step-retention': stepRetention,
    [forgetUsesKind]: forgetUses,
    [adoptQuotesKind]: adoptMoreQuotes,
    'release-held': releaseHeld,
    'read-nodeinfo': readNodeInfo
  },
  otherLoops: (ctx) => [createDeliveryLoop(ctx)],
  createFediverse
}
