import { eq, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { users } from '#db/schema/sign-in.ts'

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
