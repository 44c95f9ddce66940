import { eq } from 'drizzle-orm'
import { codeApps, passkeys } from '#db/schema/factors.ts'
import { users } from '#db/schema/sign-in.ts'
import { testPassword } from '#test/helpers/people.ts'
import { inBrackets } from '#test/helpers/pseudo.ts'
import type { BadInputWorld } from '#test/web/bad-input/world.ts'

/** Pages that only those see who have a second factor, or no password. */
export async function securityPages({ instance }: BadInputWorld): Promise<string[]> {
  const { ctx } = instance
  const [sam, pia] = [await instance.as('sam'), await instance.as('pia')]
  await sam.submit('/settings/security/code-app/start')
  const pages = [await sam.page('/settings/security/code-app')]
  pages.push((await sam.submit('/settings/security/recovery-codes')).body)
  await ctx.transact((tx) => tx.update(codeApps).set({ confirmedAt: tx.now }).where(eq(codeApps.accountId, sam.account.id)))
  pages.push(await sam.page('/settings/security/code-app'))
  await ctx.transact(async (tx) => {
    for (const { account } of [sam, pia]) {
      const key = { publicKey: '', counter: 0, name: inBrackets('Key'), credentialId: `of ${account.name}` }
      await tx.insert(passkeys).values({ id: tx.newId(), accountId: account.id, ...key, createdAt: tx.now })
    }
  })
  const guest = instance.guest()
  await guest.submit('/sign-in', { login: 'sam', password: testPassword })
  pages.push(await guest.page('/sign-in/step'), await guest.page('/sign-in/step/recovery'))
  pages.push(await sam.page('/settings/proof'), await sam.page('/settings/security/password-removal'))
  await ctx.transact((tx) => tx.update(users).set({ passwordHash: '' }).where(eq(users.accountId, pia.account.id)))
  pages.push(await pia.page('/settings/proof'))
  return pages
}
