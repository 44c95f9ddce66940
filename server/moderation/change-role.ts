import { and, eq, ne } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { type Role, users } from '#db/schema/sign-in.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { outranks, requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { getModeratedAccount } from '#server/moderation/moderate-account.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

export const roles = ['person', 'moderator', 'admin', 'owner'] as const satisfies readonly Role[]

/** The roles somebody may give: those below their own. An owner may name further owners, so that an instance can change hands; the operator gives any. */
export function rolesToGive(who: Who): Role[] {
  if (who.kind !== 'account') return [...roles]
  return roles.filter((role) => outranks(who.user.role, role) || (role === 'owner' && who.user.role === 'owner'))
}

/**
 * Gives one of ours another role. Refuses `forbidden` whoever is no admin, acts upon themselves or somebody of their own rank or higher (an owner is
 * unmade by the operator alone), or gives what is not theirs to give; `invalid` for remote accounts and roles that do not exist; `conflict` when the
 * last owner would go, or nothing would change.
 */
export async function changeRole(ctx: Context, who: Who, input: { accountId: number; role: Role }): Promise<void> {
  requireRole(who, 'admin')
  const { role } = input
  if (!roles.includes(role)) throw new Refusal('invalid', 'form.invalid', {}, 'role')
  if (!rolesToGive(who).includes(role)) throw new Refusal('forbidden', 'errors.roleTooHigh', {}, 'role')
  await ctx.transact(async (tx) => {
    const { account, user } = await getModeratedAccount(tx, who, input.accountId)
    if (!user || account.deletedAt !== null) throw new Refusal('invalid', 'errors.notOurs')
    if (user.role === role) throw new Refusal('conflict', 'errors.roleUnchanged', {}, 'role')
    if (user.role === 'owner') await refuseToUnmakeLastOwner(tx, account.id)
    await tx.update(users).set({ role }).where(eq(users.accountId, account.id))
    const details = { from: user.role, to: role }
    await recordAudit(tx, who, {
      act: 'role-changed',
      targetKind: 'account',
      target: String(account.id),
      targetLabel: handleOf(account),
      details
    })
    await record(tx, 'role-changed', { accountId: account.id })
  })
}

async function refuseToUnmakeLastOwner(tx: Tx, accountId: number): Promise<void> {
  const others = await tx.$count(users, and(eq(users.role, 'owner'), ne(users.accountId, accountId)))
  if (others === 0) throw new Refusal('conflict', 'errors.lastOwner', {}, 'role')
}
