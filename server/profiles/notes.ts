import { and, eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accountNotes } from '#db/schema/profiles.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { actorAndTarget } from '#server/follows/target.ts'
import { cleanText, countCharacters } from '#server/platform/clean-text.ts'

export const noteCharactersMax = 2_000

/** What somebody noted for themselves about an account; empty when nothing. */
export async function findNote(db: Reader, ownerId: number, accountId: number): Promise<string> {
  const [row] = await db
    .select({ text: accountNotes.text })
    .from(accountNotes)
    .where(and(eq(accountNotes.ownerId, ownerId), eq(accountNotes.accountId, accountId)))
  return row?.text ?? ''
}

/** Notes something about an account, in place of what was noted before; an empty text takes it away. Refusals `missing`, and `invalid` at `note`. */
export async function writeNote(ctx: Context, who: Person, { accountId, text }: { accountId: number; text: string }): Promise<void> {
  const { target } = await actorAndTarget(ctx, who, accountId)
  const note = cleanText(text).trim()
  if (countCharacters(note) > noteCharactersMax) throw new Refusal('invalid', 'form.tooLong', { limit: noteCharactersMax }, 'note')
  const row = { ownerId: who.account.id, accountId: target.id }
  await ctx.transact(async (tx) => {
    if (note === '') {
      await tx.delete(accountNotes).where(and(eq(accountNotes.ownerId, row.ownerId), eq(accountNotes.accountId, row.accountId)))
      return
    }
    const written = { text: note, updatedAt: tx.now }
    await tx
      .insert(accountNotes)
      .values({ ...row, ...written })
      .onConflictDoUpdate({ target: [accountNotes.ownerId, accountNotes.accountId], set: written })
  })
}
