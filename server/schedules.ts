import { readNodeInfos } from '#server/federation/read-nodeinfo.ts'
import { releaseGrownOld } from '#server/federation/release-held.ts'
import { sweepCommunityBans } from '#server/follows/community-bans.ts'
import { sweepMutes } from '#server/follows/mute-account.ts'
import { askFollowsAgainSchedule } from '#server/follows/ask-again.ts'
import type { Schedule } from '#server/jobs/schedules.ts'
import { sweepMediaSchedule } from '#server/media/sweep-media.ts'
import { sweepDeliveriesSchedule } from '#server/peers/sweep-deliveries.ts'
import { sweepRefusals } from '#server/peers/refusals.ts'
import { sweepReceiptsSchedule } from '#server/peers/sweep-receipts.ts'
import { sweepSubmissions } from '#server/posts/sweep-submissions.ts'
import { sweepRetention } from '#server/retention/start-pass.ts'
import { sweepSignIn } from '#server/sign-in/sweep.ts'

const hourMs = 3_600_000

/** What comes back by the clock: the instance's housekeeping on one page. */
export const schedules: readonly Schedule[] = [
  { name: 'sweep sign-in', everyMs: hourMs, run: sweepSignIn },
  { name: 'sweep mutes', everyMs: hourMs, run: sweepMutes },
  { name: 'sweep submissions', everyMs: hourMs, run: sweepSubmissions },
  sweepCommunityBans,
  askFollowsAgainSchedule,
  sweepMediaSchedule,
  sweepDeliveriesSchedule,
  { name: 'release held', everyMs: hourMs, run: releaseGrownOld },
  { name: 'read nodeinfo', everyMs: hourMs / 4, run: readNodeInfos },
  { name: 'sweep refusals', everyMs: 24 * hourMs, run: sweepRefusals },
  { name: 'sweep retention', everyMs: 24 * hourMs, run: sweepRetention },
  sweepReceiptsSchedule
]
