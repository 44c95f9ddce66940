import { handleOf } from '#server/accounts/handle-of.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Translate } from '#server/platform/messages.ts'

/** Who reported: one of ours by handle; of other servers, which report for their people, the host alone. */
export function reporterText(reporter: Account | undefined, t: Translate): string {
  if (!reporter) return t('admin.reporterUnknown')
  return reporter.domain === null ? handleOf(reporter) : (reporter.host ?? reporter.domain)
}
