import { type AnyColumn, eq, type SQL, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { users } from '#db/schema/sign-in.ts'
import { isThere } from '#server/posts/is-there.ts'

const choicesOf = prepare((db: Reader) =>
  db
    .select({ provesPosts: users.provesPosts, listsFollows: users.listsFollows })
    .from(users)
    .where(eq(users.accountId, sql.placeholder('accountId')))
)

/** Whether one of ours wants no proofs on what they say. */
export async function hasProofsOff(db: Reader, accountId: number): Promise<boolean> {
  const [choices] = await choicesOf(db, { accountId })
  return choices?.provesPosts === false
}

/** Whether one of ours keeps to themselves whom they follow and who follows them. */
export async function hidesFollows(db: Reader, accountId: number): Promise<boolean> {
  const [choices] = await choicesOf(db, { accountId })
  return choices?.listsFollows === false
}

/** The same as a condition: false for accounts of elsewhere, which tell nobody here. */
export function isHidingFollows(accountId: AnyColumn | SQL | number): SQL {
  return isThere(sql`from ${users} hiding where hiding.account_id = ${accountId} and not hiding.lists_follows`)
}
