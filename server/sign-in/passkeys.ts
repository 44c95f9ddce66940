import { createHmac } from 'node:crypto'
import { and, asc, eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { passkeys } from '#db/schema/factors.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { cleanText, countCharacters } from '#server/platform/clean-text.ts'
import { enqueueMail } from '#server/sign-in/mails.ts'
import { requireProof } from '#server/sign-in/prove.ts'
import { lockUser, refuseLockOut } from '#server/sign-in/ways-in.ts'

export const passkeyNameCharactersMax = 60
export const passkeysMax = 20

export type Passkey = typeof passkeys.$inferSelect

export function passkeysOf(db: Reader, accountId: number): Promise<Passkey[]> {
  return db.select().from(passkeys).where(eq(passkeys.accountId, accountId)).orderBy(asc(passkeys.id)).limit(passkeysMax)
}

/** How an authenticator knows the account (WebAuthn level 3, 14.6.1): 32 bytes that tell nothing of who it is. */
export function userHandleOf(ctx: Context, accountId: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHmac('sha256', ctx.seal.deriveKey('passkey users')).update(String(accountId)).digest())
}

/** The name somebody gives a passkey. Refusal `invalid` at `name`. */
export function readPasskeyName(typed: string): string {
  const name = cleanText(typed).replace(/\s+/g, ' ').trim()
  if (name === '') throw new Refusal('invalid', 'form.required', {}, 'name')
  if (countCharacters(name) > passkeyNameCharactersMax)
    throw new Refusal('invalid', 'form.tooLong', { limit: passkeyNameCharactersMax }, 'name')
  return name
}

/** Refusals: `missing`, `invalid` at `name`. */
export async function renamePasskey(ctx: Context, who: Person, { id, name: typed }: { id: number; name: string }): Promise<void> {
  const name = readPasskeyName(typed)
  const renamed = await ctx.transact((tx) => tx.update(passkeys).set({ name }).where(isOwn(who, id)).returning({ id: passkeys.id }))
  if (renamed.length === 0) throw new Refusal('missing', 'errors.missing')
}

/** Refusals: `missing`; `invalid` at `password` without a proof; `conflict` when its owner would be one lost thing away from being kept out. */
export async function removePasskey(ctx: Context, who: Person, { id, password }: { id: number; password: string }): Promise<void> {
  await requireProof(ctx, who, password, 'password')
  const accountId = who.account.id
  await ctx.transact(async (tx) => {
    await lockUser(tx, accountId)
    const removed = await tx.delete(passkeys).where(isOwn(who, id)).returning({ id: passkeys.id })
    if (removed.length === 0) throw new Refusal('missing', 'errors.missing')
    await refuseLockOut(tx, accountId, 'waysIn.passkeyNeeded')
    await enqueueMail(tx, 'security', { accountId, what: 'passkeyRemoved' })
  })
}

/** Whether a passkey is asked for after the password. Refusals: `invalid` at `password` without a proof; `conflict` without a second way. */
export async function askForPasskey(
  ctx: Context,
  who: Person,
  { isAsked, password }: { isAsked: boolean; password: string }
): Promise<void> {
  await requireProof(ctx, who, password, 'password')
  const accountId = who.account.id
  await ctx.transact(async (tx) => {
    await lockUser(tx, accountId)
    if (isAsked && (await tx.$count(passkeys, eq(passkeys.accountId, accountId))) === 0)
      throw new Refusal('conflict', 'waysIn.passkeyFirst')
    await tx.update(users).set({ asksPasskey: isAsked }).where(eq(users.accountId, accountId))
    await refuseLockOut(tx, accountId, 'waysIn.secondWayFirst')
    await enqueueMail(tx, 'security', { accountId, what: isAsked ? 'passkeyAsked' : 'passkeyNotAsked' })
  })
}

function isOwn(who: Person, id: number) {
  return and(eq(passkeys.id, id), eq(passkeys.accountId, who.account.id))
}
