import type { Account } from '#server/accounts/who.ts'

/** Whether there is somebody to report: not who is gone, nor the instance itself. Whoever is suspended is dealt with already, and is not there for people. */
export function isReportable(account: Account): boolean {
  const isInstance = account.type === 'Application' && account.domain === null
  return account.deletedAt === null && account.suspendedAt === null && account.domainSeverity !== 'suspend' && !isInstance
}
