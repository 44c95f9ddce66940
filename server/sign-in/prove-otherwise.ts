import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { clearAttempts, countAttemptNow } from '#server/sign-in/attempts.ts'
import { hasPassword, noteProof } from '#server/sign-in/prove.ts'
import { takeRecoveryCode } from '#server/sign-in/recovery-codes.ts'
import { verifyPasskey } from '#server/sign-in/use-passkey.ts'

/** Recovery codes typed by somebody who is signed in already. */
const codeLimit = { max: 10, windowMs: 600_000 }

/** Shows with a passkey of one's own that it is oneself. `holder` is the session's hash. Refusal `invalid`. */
export async function proveByPasskey(ctx: Context, who: Person, { answer, holder }: { answer: string; holder: string }): Promise<void> {
  const { passkey, take } = await verifyPasskey(ctx, { purpose: 'proof', holder }, answer)
  if (passkey.accountId !== who.account.id) throw new Refusal('invalid', 'passkey.unknown')
  await ctx.transact(async (tx) => {
    await take(tx)
    await noteProof(tx, who)
  })
}

/** The same with a recovery code, which is used up, for whoever has no password and no passkey at hand. Refusals: `invalid` at `code`, `forbidden`, `too-many`. */
export async function proveByRecovery(ctx: Context, who: Person, code: string): Promise<void> {
  if (hasPassword(who.user)) throw new Refusal('forbidden', 'proof.passwordNeeded')
  const key = `proof by code of ${who.account.id}`
  await countAttemptNow(ctx, key, codeLimit)
  await ctx.transact(async (tx) => {
    if (!(await takeRecoveryCode(ctx, tx, who.account.id, code))) throw new Refusal('invalid', 'signIn.recoveryWrong', {}, 'code')
    await clearAttempts(tx, key)
    await noteProof(tx, who)
  })
}
