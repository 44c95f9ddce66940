import type { Context } from '#server/context.ts'
import { type Finding, ok, warn } from '#server/doctor/finding.ts'
import { findUnnamedProxy } from '#server/doctor/unnamed-proxy.ts'
import { createProxyTrust } from '#server/platform/client-address.ts'

/** What was seen longer ago says nothing of how things stand: while it lasts, it is seen every hour. */
const staleMs = 7 * 24 * 3_600_000

/** Do all visitors seem to come from one address, because nobody said that a proxy stands there? */
export async function checkProxy({ db, clock, config }: Context): Promise<Finding[]> {
  const seen = await findUnnamedProxy(db)
  if (!seen || clock.now() - seen.seenAt > staleMs || createProxyTrust(config.server.trustProxy)(seen.address)) return ok('doctor.proxyOk')
  return warn('doctor.proxyUnnamed', 'doctor.proxyUnnamedRemedy', { address: seen.address })
}
