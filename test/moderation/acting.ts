import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { auditEntries } from '#db/schema/moderation.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account, Person } from '#server/accounts/who.ts'
import { createContext, type Context } from '#server/context.ts'
import { wiring } from '#server/wiring.ts'
import type { Instance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'
import { keySourceOfTests } from '#test/helpers/keys.ts'
import type { TestContext } from 'node:test'

export const operator = { kind: 'operator' } as const

/** Who a person of a test is to a feature, as they stand now. */
export async function whoOf({ ctx }: Instance, person: Pick<TestPerson, 'account'>): Promise<Person> {
  const [row] = await ctx.db
    .select()
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(eq(users.accountId, person.account.id))
  return { kind: 'account', account: row!.accounts as Account, user: row!.users }
}

/** The acts that stand in the audit log, oldest first. */
export async function actsOf({ ctx }: Instance): Promise<string[]> {
  const rows = await ctx.db.select({ act: auditEntries.act }).from(auditEntries).orderBy(auditEntries.id)
  return rows.map((row) => row.act)
}

/** Another process on the same database, as the command line is one: it shares nothing but the database with the instance. */
export async function anotherProcess(t: TestContext, instance: Instance): Promise<Context> {
  const ctx = await createContext(instance.config, wiring, {
    clock: instance.clock,
    isMigrated: true,
    keySource: keySourceOfTests,
    log: instance.ctx.log
  })
  t.after(() => ctx[Symbol.asyncDispose]())
  return ctx
}

/** Waits until something is so; fails after a second. */
export async function withinASecond(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 1_000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`After a second it is not so: ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
