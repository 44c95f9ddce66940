import { eq } from 'drizzle-orm'
import { users } from '#db/schema/sign-in.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Instance } from '#test/helpers/instance.ts'

/** Somebody of an instance as actions take them. */
export async function whoIs(instance: Instance, name: string): Promise<Person> {
  const { account } = await instance.as(name)
  const [user] = await instance.ctx.db.select().from(users).where(eq(users.accountId, account.id))
  if (!user) throw new Error(`${name} has no account.`)
  return { kind: 'account', account, user }
}
