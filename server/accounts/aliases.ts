import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { findAccount } from '#server/accounts/find-account.ts'
import { isHidden } from '#server/accounts/shown-account.ts'
import type { Account, Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'

/** Other accounts that one may call one's own. */
export const aliasesMax = 10

/**
 * Says that another account, by its handle or address, is one's own too: only then may its followers be moved here. Fact `profile-changed`. Refusals at
 * `alias`: `invalid` when nobody is found, for oneself, and beyond ten.
 */
export async function addAlias(ctx: Context, who: Person, typed: string): Promise<Account> {
  const other = await findTyped(ctx, who, typed, 'alias')
  await ctx.transact(async (tx) => {
    const { alsoKnownAs } = await ownRow(tx, who)
    if (alsoKnownAs.includes(other.uri)) return
    if (alsoKnownAs.length >= aliasesMax) throw new Refusal('invalid', 'move.tooManyAliases', { limit: aliasesMax }, 'alias')
    await writeAliases(tx, who, [...alsoKnownAs, other.uri])
  })
  return other
}

/** Takes an alias back, by the id of its actor. Fact `profile-changed`; nothing happens when there is none. */
export async function removeAlias(ctx: Context, who: Person, uri: string): Promise<void> {
  await ctx.transact(async (tx) => {
    const { alsoKnownAs } = await ownRow(tx, who)
    if (alsoKnownAs.includes(uri))
      await writeAliases(
        tx,
        who,
        alsoKnownAs.filter((each) => each !== uri)
      )
  })
}

/** Somebody else whose handle or address was typed, asked of their server if need be. Refusal `invalid` at the field. */
export async function findTyped(ctx: Context, who: Person, typed: string, field: string): Promise<Account> {
  const found = await ctx.fediverse.resolve(typed)
  const account = found.kind === 'account' ? await findAccount(ctx.db, found.accountId) : undefined
  if (!account || isHidden(account) || account.type === 'Application') throw new Refusal('invalid', 'move.notFound', {}, field)
  if (account.id === who.account.id) throw new Refusal('invalid', 'move.oneself', {}, field)
  return account
}

async function ownRow(tx: Tx, who: Person): Promise<Account> {
  const own = await findAccount(tx, who.account.id)
  if (!own) throw new Refusal('missing', 'errors.missing')
  return own
}

async function writeAliases(tx: Tx, who: Person, alsoKnownAs: string[]): Promise<void> {
  await tx.update(accounts).set({ alsoKnownAs }).where(eq(accounts.id, who.account.id))
  await record(tx, 'profile-changed', { accountId: who.account.id })
}
