import type { Context } from '#server/context.ts'
import { fail, type Finding, ok, warn } from '#server/doctor/finding.ts'
import { countJobs } from '#server/jobs/count-jobs.ts'
import { countDeliveries } from '#server/peers/count-deliveries.ts'

/** Work that is due is taken within a second; so long (ms) after, nobody is there to take it. */
const untakenMs = 60_000

/** Is somebody at work, and did anything fail for good? */
export async function checkQueue({ db, clock }: Context): Promise<Finding[]> {
  const now = clock.now()
  const [jobs, deliveries] = await Promise.all([countJobs(db, now), countDeliveries(db, now)])
  const due = jobs.filter((row) => row.state === 'due' && row.oldestAt < now - untakenMs)
  const minutes = Math.round((now - Math.min(...due.map((row) => row.oldestAt))) / 60_000)
  const dead = [...jobs, ...deliveries].filter((row) => row.state === 'dead').reduce((sum, row) => sum + row.count, 0)
  const findings = [
    ...(due.length > 0 ? fail('doctor.queueStands', 'doctor.queueStandsRemedy', { minutes }) : []),
    ...(dead > 0 ? warn('doctor.queueDead', 'doctor.queueDeadRemedy', { count: dead }) : [])
  ]
  return findings.length > 0 ? findings : ok('doctor.queueOk')
}
