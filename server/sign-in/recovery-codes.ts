import { createHmac } from 'node:crypto'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { recoveryCodes } from '#db/schema/factors.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { enqueueMail } from '#server/sign-in/mails.ts'
import { requireProof } from '#server/sign-in/prove.ts'

const codesMade = 10
/** Letters and digits that nobody takes for one another on paper: 16 of them are 79 bits. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz'
const codeCharacters = 16
const groupCharacters = 4

/** A new set in place of the old one. Shown once: only hashes are kept. Refusals of `requireProof` at `password`. */
export async function renewRecoveryCodes(ctx: Context, who: Person, password: string): Promise<string[]> {
  await requireProof(ctx, who, password, 'password')
  return ctx.transact(async (tx) => {
    await enqueueMail(tx, 'security', { accountId: who.account.id, what: 'recoveryMade' })
    return makeRecoveryCodes(ctx, tx, who.account.id)
  })
}

/** Ten new codes of an account (`abcd-efgh-jkmn-pqrs`), in the caller's transaction; the old ones work no longer. */
export async function makeRecoveryCodes(ctx: Context, tx: Tx, accountId: number): Promise<string[]> {
  const codes = Array.from({ length: codesMade }, () => drawCode(ctx))
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId))
  const rows = codes.map((code) => ({ id: tx.newId(), accountId, codeHash: hashCode(ctx, accountId, code), createdAt: tx.now }))
  await tx.insert(recoveryCodes).values(rows)
  return codes
}

/** Uses a typed code up and tells its owner by mail: true once for each. Whoever calls counts the attempts. */
export async function takeRecoveryCode(ctx: Context, tx: Tx, accountId: number, typed: string): Promise<boolean> {
  const taken = await tx
    .update(recoveryCodes)
    .set({ usedAt: tx.now })
    .where(
      and(eq(recoveryCodes.accountId, accountId), eq(recoveryCodes.codeHash, hashCode(ctx, accountId, typed)), isNull(recoveryCodes.usedAt))
    )
    .returning({ id: recoveryCodes.id })
  if (taken.length === 0) return false
  await enqueueMail(tx, 'security', { accountId, what: 'recoveryUsed' })
  return true
}

/** Those of some texts that are unused codes of this person: nothing else is written into a file for them. */
export async function ownCodesIn(ctx: Context, who: Person, texts: string[]): Promise<string[]> {
  const hashes = new Map(texts.slice(0, codesMade).map((text) => [hashCode(ctx, who.account.id, text), text]))
  if (hashes.size === 0) return []
  const rows = await ctx.db
    .select({ codeHash: recoveryCodes.codeHash })
    .from(recoveryCodes)
    .where(
      and(eq(recoveryCodes.accountId, who.account.id), inArray(recoveryCodes.codeHash, [...hashes.keys()]), isNull(recoveryCodes.usedAt))
    )
  const own = new Set(rows.map(({ codeHash }) => codeHash))
  return [...hashes].flatMap(([hash, text]) => (own.has(hash) ? [text] : []))
}

function drawCode(ctx: Context): string {
  const letters = Array.from({ length: codeCharacters }, () => alphabet[ctx.random.below(alphabet.length)]!).join('')
  return letters.match(new RegExp(`.{${groupCharacters}}`, 'g'))!.join('-')
}

/** However it was typed: capitals, spaces and dashes make no difference. */
function hashCode(ctx: Context, accountId: number, typed: string): string {
  const code = typed
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 2 * codeCharacters)
  return createHmac('sha256', ctx.seal.deriveKey('recovery codes')).update(`${accountId} ${code}`).digest('hex')
}
