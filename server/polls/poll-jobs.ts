import type { JobHandler } from '#server/jobs/worker.ts'
import { closePoll } from '#server/polls/close-poll.ts'
import { tellPoll } from '#server/polls/tell-poll.ts'

/** Jobs that polls leave behind. */
export const pollJobs: Record<string, JobHandler> = { 'close-poll': closePoll, 'tell-poll': tellPoll }
