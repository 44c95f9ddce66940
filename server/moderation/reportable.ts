import { isHidden, isInstanceActor } from '#server/accounts/shown-account.ts'
import type { Account } from '#server/accounts/who.ts'

/** Whether there is somebody to report: not who is gone, nor the instance itself. Whoever is suspended is dealt with already, and is not there for people. */
export function isReportable(account: Account): boolean {
  return !isHidden(account) && !isInstanceActor(account)
}
