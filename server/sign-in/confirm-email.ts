import { and, eq, ne } from 'drizzle-orm'
import { users } from '#db/schema/sign-in.ts'
import type { Person, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEachInTurn, Refusal } from '#server/errors.ts'
import { countAttempt } from '#server/sign-in/attempts.ts'
import { emailKeyOf, readEmail } from '#server/sign-in/credentials.ts'
import { enqueueMail, mailLimitKey, mailsPerAddress } from '#server/sign-in/mails.ts'
import { dropTokens, findToken, takeToken } from '#server/sign-in/one-time-tokens.ts'
import { requireProof } from '#server/sign-in/prove.ts'

/** Addresses one person may ask to change to: each is sent a mail, and may be anybody's. */
const changeLimit = { max: 10, windowMs: 3_600_000 }

/** The address a confirmation link would prove, or undefined when the link is used up or too old. */
export async function findConfirmation(ctx: Context, token: string): Promise<string | undefined> {
  return (await findToken(ctx.db, 'confirm-email', token, ctx.clock.now()))?.email ?? undefined
}

/** The link from the mail was followed: the address is proved and is the account's from now on. Refusal `gone`, or `conflict` when somebody else has it. */
export async function confirmEmail(ctx: Context, token: string): Promise<User> {
  return ctx.transact(async (tx) => {
    const taken = await takeToken(tx, 'confirm-email', token)
    if (!taken || taken.accountId === null || taken.email === null) throw new Refusal('gone', 'confirm.linkGone')
    const emailKey = emailKeyOf(taken.email)
    const others = await tx.$count(users, and(eq(users.emailKey, emailKey), ne(users.accountId, taken.accountId)))
    if (others > 0) throw new Refusal('conflict', 'form.emailTaken')
    const [before] = await tx.select().from(users).where(eq(users.accountId, taken.accountId))
    if (!before) throw new Refusal('gone', 'confirm.linkGone')
    const [user] = await tx
      .update(users)
      .set({ email: taken.email, emailKey, emailConfirmedAt: tx.now })
      .where(eq(users.accountId, taken.accountId))
      .returning()
    await dropTokens(tx, 'confirm-email', taken.accountId)
    if (before.emailKey !== emailKey) {
      // Whoever reads the mail of the old address holds no key to the account any more.
      await dropTokens(tx, 'reset-password', taken.accountId)
      await enqueueMail(tx, 'address-changed', { accountId: taken.accountId, email: before.email })
    }
    return user!
  })
}

/** Asks for another address; it counts once its owner followed the link sent there. Refusals at `newEmail` and `password`, `too-many`. */
export async function changeEmail(
  ctx: Context,
  who: Person,
  { email: typed, password }: { email: string; password: string }
): Promise<void> {
  const { email } = await checkEachInTurn({
    email: () => readEmail(typed, 'newEmail'),
    password: () => requireProof(ctx, who, password, 'password')
  })
  await ctx.transact(async (tx) => {
    await countAttempt(tx, `change address of ${who.account.id}`, changeLimit)
    await countAttempt(tx, mailLimitKey(email), mailsPerAddress)
    // Somebody else's address is not told apart here: its owner gets the mail and has nothing to confirm.
    const others = await tx.$count(users, and(eq(users.emailKey, emailKeyOf(email)), ne(users.accountId, who.account.id)))
    if (others > 0) {
      const [other] = await tx
        .select()
        .from(users)
        .where(eq(users.emailKey, emailKeyOf(email)))
      await enqueueMail(tx, 'address-known', { accountId: other!.accountId })
    } else await enqueueMail(tx, 'confirm-email', { accountId: who.account.id, email })
  })
}

/** Sends the confirmation of a sign-up once more. Refusal `too-many`. */
export async function resendConfirmation(ctx: Context, { accountId, email }: User): Promise<void> {
  await ctx.transact(async (tx) => {
    await countAttempt(tx, mailLimitKey(email), mailsPerAddress)
    await enqueueMail(tx, 'confirm-email', { accountId, email })
  })
}
