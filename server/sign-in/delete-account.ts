import { and, eq, ne } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { users } from '#db/schema/sign-in.ts'
import { eraseRows } from '#server/accounts/erase-rows.ts'
import type { Person, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEachInTurn, Refusal } from '#server/errors.ts'
import { enqueueMail } from '#server/sign-in/mails.ts'
import { requireProof } from '#server/sign-in/prove.ts'
import { lockUser } from '#server/sign-in/ways-in.ts'

/**
 * Somebody deletes their own account, at once and for good (fact `account-erased`). `name` is typed again, so that it is no slip of the hand. Refusals: `invalid`
 * at `name`, and at `password` without a proof; `conflict` for the last owner, without whom nobody could run the instance.
 */
export async function deleteAccount(ctx: Context, who: Person, typed: { name: string; password: string }): Promise<void> {
  const { account } = who
  await checkEachInTurn({
    name: () => requireOwnName(ctx, who, typed.name),
    password: () => requireProof(ctx, who, typed.password, 'password')
  })
  await ctx.transact(async (tx) => {
    const user = await lockUser(tx, account.id)
    if (await isLastOwner(tx, user)) throw new Refusal('conflict', 'deletion.lastOwner')
    await enqueueMail(tx, 'account-deleted', { name: account.name, email: user.email, language: user.language })
    await eraseRows(tx, account.id)
  })
}

function requireOwnName(ctx: Context, { account }: Person, typed: string): void {
  const name = typed.trim().replace(/^@/, '').toLowerCase()
  if (name !== account.nameKey && name !== `${account.nameKey}@${ctx.config.handleDomain}`)
    throw new Refusal('invalid', 'deletion.nameWrong', { name: account.name }, 'name')
}

/** Whether nobody else owns the instance. */
export async function isLastOwner(db: Pick<Tx, '$count'>, { role, accountId }: User): Promise<boolean> {
  if (role !== 'owner') return false
  return (await db.$count(users, and(eq(users.role, 'owner'), ne(users.accountId, accountId)))) === 0
}
