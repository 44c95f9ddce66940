import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { codeApps, passkeys, recoveryCodes } from '#db/schema/factors.ts'
import { users } from '#db/schema/sign-in.ts'
import type { User } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'
import { hasPassword } from '#server/sign-in/prove.ts'

/** What somebody has to show at sign-in, and how many of each. */
export interface WaysIn {
  hasPassword: boolean
  hasCodeApp: boolean
  /** Whether a passkey is asked for after the password. */
  asksPasskey: boolean
  passkeyCount: number
  /** Recovery codes that were not used yet. */
  recoveryCount: number
}

export async function findWaysIn(db: Reader, user: User): Promise<WaysIn> {
  const { accountId } = user
  const codeAppCount = await db.$count(codeApps, and(eq(codeApps.accountId, accountId), isNotNull(codeApps.confirmedAt)))
  return {
    hasPassword: hasPassword(user),
    hasCodeApp: codeAppCount > 0,
    asksPasskey: user.asksPasskey,
    passkeyCount: await db.$count(passkeys, eq(passkeys.accountId, accountId)),
    recoveryCount: await db.$count(recoveryCodes, and(eq(recoveryCodes.accountId, accountId), isNull(recoveryCodes.usedAt)))
  }
}

/** Whether the password alone opens no session. Pure. */
export function asksSecondStep(ways: WaysIn): boolean {
  return ways.hasPassword && (ways.hasCodeApp || (ways.asksPasskey && ways.passkeyCount > 0))
}

/** Whether one lost thing would not keep somebody out: where only a passkey helps, there is a second one or a recovery code. Pure. */
export function survivesLoss(ways: WaysIn): boolean {
  const needsPasskey = !ways.hasPassword || (ways.asksPasskey && !ways.hasCodeApp)
  return !needsPasskey || ways.passkeyCount >= 2 || (ways.passkeyCount === 1 && ways.recoveryCount > 0)
}

/** Changes to the ways in of one account come one after another: each sees what the last one left. Refusal `gone` when the account is. */
export async function lockUser(tx: Tx, accountId: number): Promise<User> {
  const [user] = await tx.update(users).set({ accountId }).where(eq(users.accountId, accountId)).returning()
  if (!user) throw new Refusal('gone', 'errors.missing')
  return user
}

/** After a change, in its transaction: refuses `conflict` (and so undoes) what would leave somebody one lost thing away from being kept out. */
export async function refuseLockOut(tx: Tx, accountId: number, key: string): Promise<void> {
  const user = await lockUser(tx, accountId)
  if (!survivesLoss(await findWaysIn(tx, user))) throw new Refusal('conflict', key)
}
