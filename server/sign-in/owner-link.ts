import { eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { checkCredentials, type Credentials, insertAccount, prepareAccount } from '#server/sign-in/new-account.ts'
import { dropTokens, findToken, storeToken, takeToken } from '#server/sign-in/one-time-tokens.ts'

/** Whether somebody owns this instance yet. */
export async function hasOwner(db: Reader): Promise<boolean> {
  const found = await db.select({ id: users.accountId }).from(users).where(eq(users.role, 'owner')).limit(1)
  return found.length > 0
}

/** A URL that creates the owner's account, once. Refusal `conflict` when there is an owner. */
export async function createOwnerLink(ctx: Context): Promise<string> {
  const token = ctx.random.token()
  await ctx.transact(async (tx) => {
    if (await hasOwner(tx)) throw new Refusal('conflict', 'owner.exists')
    await storeToken(tx, token, { purpose: 'create-owner', accountId: null, email: null })
  })
  return `${ctx.config.origin}/owner/${token}`
}

/** Whether the link of this token still works: it was not used, is not too old, and nobody became the owner by another way since. */
export async function isOwnerLink(ctx: Context, token: string): Promise<boolean> {
  return (await findToken(ctx.db, 'create-owner', token, ctx.clock.now())) !== undefined && !(await hasOwner(ctx.db))
}

/** The owner's account, confirmed and approved; every owner link closes with it. Refusal `gone` when the link was used or is too old. */
export async function createOwner(ctx: Context, token: string, typed: Credentials): Promise<Account> {
  if (!(await isOwnerLink(ctx, token))) throw new Refusal('gone', 'owner.linkGone')
  const checked = checkCredentials(ctx, typed)
  const prepared = await prepareAccount(ctx, checked)
  return ctx.transact(async (tx) => {
    // The row of the token decides among those who come at once; after the first, all tokens are gone.
    if (!(await takeToken(tx, 'create-owner', token)) || (await hasOwner(tx))) throw new Refusal('gone', 'owner.linkGone')
    await dropTokens(tx, 'create-owner')
    const { account } = await insertAccount(tx, ctx.config.origin, prepared, {
      role: 'owner',
      emailConfirmedAt: tx.now,
      approvedAt: tx.now
    })
    return account
  })
}
