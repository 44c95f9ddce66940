import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import { insertKeys, makeKeys, type SealedKey } from '#server/accounts/account-keys.ts'
import { instanceActorName, readLocalName } from '#server/accounts/local-names.ts'
import type { Account, User } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEach, Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { emailKeyOf, readEmail, refuseWeakPassword } from '#server/sign-in/credentials.ts'

/** As typed; refusals name the fields `name`, `email` and `password`. */
export interface Credentials {
  name: string
  email: string
  password: string
}

/** Everything dear about a new account, made before its transaction. */
export interface PreparedAccount {
  name: string
  email: string
  passwordHash: string
  keys: SealedKey[]
}

/** Checks what an operator typed and gives it its one spelling: only the name of the instance actor is for nobody. */
export function checkCredentials(ctx: Context, typed: Credentials): Credentials {
  return checkEach({
    name: () => {
      const name = readLocalName(typed.name)
      if (name === instanceActorName) throw new Refusal('invalid', 'form.nameReserved', {}, 'name')
      return name
    },
    email: () => readEmail(typed.email),
    password: () => checkPassword(ctx, typed)
  })
}

/** The password as typed, which is no guess from what was typed beside it. Refusals at the field `password`. */
export function checkPassword(ctx: Context, { name, email, password }: Credentials): string {
  refuseWeakPassword(password, { name: name.replace(/^@/, '').trim(), email: email.trim(), host: ctx.config.handleDomain })
  return password
}

/** Hashes the password and makes the keys: some 100 ms of other threads. */
export async function prepareAccount(ctx: Context, { name, email, password }: Credentials): Promise<PreparedAccount> {
  const [passwordHash, keys] = await Promise.all([ctx.passwords.hash(password), makeKeys(ctx)])
  return { name, email, passwordHash, keys }
}

/**
 * The rows of a new account of ours, in the caller's transaction. A name is taken for good, also by those who are gone: Refusal
 * `conflict` at the field `name`, or at `email` when somebody has the address.
 */
export async function insertAccount(
  tx: Tx,
  origin: string,
  { name, email, passwordHash, keys }: PreparedAccount,
  more: Partial<typeof users.$inferInsert>
): Promise<{ account: Account; user: User }> {
  const uri = `${origin}/@${name}`
  const [account] = await tx
    .insert(accounts)
    .values({ id: tx.newId(), name, nameKey: name, uri, url: uri, createdAt: tx.now })
    .onConflictDoNothing({ target: accounts.uri })
    .returning()
  if (!account) throw new Refusal('conflict', 'form.nameTaken', {}, 'name')
  const [user] = await tx
    .insert(users)
    .values({ accountId: account.id, email, emailKey: emailKeyOf(email), passwordHash, keepsVisibility: true, createdAt: tx.now, ...more })
    .onConflictDoNothing()
    .returning()
  if (!user) throw new Refusal('conflict', 'form.emailTaken', {}, 'email')
  await insertKeys(tx, account, keys)
  await record(tx, 'account-created', { accountId: account.id })
  return { account, user }
}
