import type { Account, User } from '#server/accounts/who.ts'
import type { Translate } from '#server/platform/messages.ts'

/** The one word on how it stands with an account, the hardest first. */
export function accountState(account: Account, user: User | undefined, t: Translate): { text: string; isBad: boolean } {
  if (account.deletedAt !== null) return { text: t('admin.stateErased'), isBad: true }
  if (account.suspendedAt !== null)
    return { text: t(account.suspendedBy === 'origin' ? 'admin.stateSuspendedThere' : 'admin.stateSuspended'), isBad: true }
  if (account.domainSeverity === 'suspend') return { text: t('admin.stateDomainSuspended'), isBad: true }
  if (user && user.emailConfirmedAt === null) return { text: t('admin.stateUnconfirmed'), isBad: false }
  if (user && user.approvedAt === null) return { text: t('admin.stateWaiting'), isBad: false }
  if (account.silencedAt !== null) return { text: t('admin.stateSilenced'), isBad: true }
  if (account.domainSeverity === 'silence') return { text: t('admin.stateDomainSilenced'), isBad: true }
  return { text: t('admin.stateActive'), isBad: false }
}
