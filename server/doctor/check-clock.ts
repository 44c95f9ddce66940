import type { Context } from '#server/context.ts'
import { askOurselves } from '#server/doctor/ask-ourselves.ts'
import { fail, type Finding, ok, warn } from '#server/doctor/finding.ts'

/** Other servers refuse signatures whose date is off by more than this (ms) at the strictest. */
const refusedMs = 30_000
/** A Date header has whole seconds and the answer takes its time. */
const noticedMs = 5_000

/** Compares this machine's clock with the Date that our public answer carries, which is the proxy's where there is one. */
export async function checkClock(ctx: Context): Promise<Finding[]> {
  const before = ctx.clock.now()
  const answer = await askOurselves(ctx, `${ctx.config.origin}/`, 'text/html')
  if (Array.isArray(answer)) return warn('doctor.clockUnknown', 'doctor.clockUnknownRemedy')
  const said = Date.parse(String(answer.headers.date))
  if (Number.isNaN(said)) return warn('doctor.clockUnknown', 'doctor.clockUnknownRemedy')
  const after = ctx.clock.now()
  const offMs = said < before ? before - said : Math.max(0, said - after)
  const seconds = Math.round(offMs / 1_000)
  if (offMs > refusedMs) return fail('doctor.clockOff', 'doctor.clockOffRemedy', { seconds })
  return offMs > noticedMs ? warn('doctor.clockOff', 'doctor.clockOffRemedy', { seconds }) : ok('doctor.clockOk')
}
