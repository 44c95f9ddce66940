import { sweepApps } from '#server/apps/sweep-apps.ts'
import { sweepDrafts } from '#server/drafts/sweep-drafts.ts'
import { readNodeInfos } from '#server/federation/read-nodeinfo.ts'
import { releaseGrownOld } from '#server/federation/release-held.ts'
import { sweepCommunityBans } from '#server/follows/community-bans.ts'
import { sweepMutes } from '#server/follows/mute-account.ts'
import { askFollowsAgain } from '#server/follows/ask-again.ts'
import type { Schedule } from '#server/jobs/schedules.ts'
import { sweepInteractions } from '#server/interactions/sweep-interactions.ts'
import { sweepImports } from '#server/imports/start-import.ts'
import { sweepMedia } from '#server/media/sweep-media.ts'
import { sweepDeliveries } from '#server/peers/sweep-deliveries.ts'
import { sweepRefusals } from '#server/peers/refusals.ts'
import { sweepReceipts } from '#server/peers/sweep-receipts.ts'
import { sweepPreviews } from '#server/previews/sweep-previews.ts'
import { sweepSubmissions } from '#server/posts/sweep-submissions.ts'
import { sweepRetention } from '#server/retention/start-pass.ts'
import { beginSearchIndex } from '#server/search/index-earlier.ts'
import { beginMerge } from '#server/search/merge-index.ts'
import { refreshTrends } from '#server/trends/refresh-trends.ts'
import { sweepSignIn } from '#server/sign-in/sweep.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** What comes back by the clock: the instance's housekeeping on one page. */
export const schedules: readonly Schedule[] = [
  { name: 'sweep sign-in', everyMs: hourMs, run: sweepSignIn },
  { name: 'sweep apps', everyMs: hourMs, run: sweepApps },
  { name: 'sweep mutes', everyMs: minuteMs, run: sweepMutes },
  { name: 'sweep submissions', everyMs: hourMs, run: sweepSubmissions },
  { name: 'sweep community bans', everyMs: minuteMs, run: sweepCommunityBans },
  { name: 'ask follows again', everyMs: hourMs, run: askFollowsAgain },
  // The rows of running instances know it by this name.
  { name: 'sweep-media', everyMs: hourMs, run: sweepMedia },
  { name: 'sweep drafts', everyMs: dayMs, run: sweepDrafts },
  { name: 'begin search index', everyMs: dayMs, run: beginSearchIndex },
  { name: 'merge search index', everyMs: dayMs, run: beginMerge },
  { name: 'sweep imports', everyMs: dayMs, run: sweepImports },
  { name: 'sweep previews', everyMs: dayMs, run: sweepPreviews },
  { name: 'refresh trends', everyMs: 15 * minuteMs, run: refreshTrends },
  { name: 'sweep receipts', everyMs: hourMs, run: sweepReceipts },
  { name: 'release held', everyMs: hourMs, run: releaseGrownOld },
  { name: 'read nodeinfo', everyMs: 15 * minuteMs, run: readNodeInfos },
  { name: 'sweep deliveries', everyMs: dayMs, run: sweepDeliveries },
  { name: 'sweep refusals', everyMs: dayMs, run: sweepRefusals },
  { name: 'sweep interactions', everyMs: dayMs, run: sweepInteractions },
  { name: 'sweep retention', everyMs: dayMs, run: sweepRetention }
]
