import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq, isNotNull } from 'drizzle-orm'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { sessions, users } from '#db/schema/sign-in.ts'
import type { Context } from '#server/context.ts'
import type { Marker } from '#test/web/crawler/world.ts'

/** What the tables and the folder of secrets keep of each person, and what to search for it with. */
export async function storedSecrets(ctx: Context): Promise<{ markers: Marker[]; searches: string[] }> {
  const markers: Marker[] = []
  const searches: string[] = []
  const people = await ctx.db.select().from(users)
  for (const { accountId, email, passwordHash } of people) {
    const [account] = await ctx.db.select().from(accounts).where(eq(accounts.id, accountId))
    markers.push({ name: `e-mail address of ${account!.name}`, text: email, for: [account!.name], isForPanel: true })
    markers.push({ name: `password hash of ${account!.name}`, text: passwordHash.split('$').at(-1)!, for: [], isForPanel: false })
    searches.push(email)
  }
  for (const { id, tokenHash } of await ctx.db.select().from(sessions))
    markers.push({ name: `session ${id}`, text: tokenHash, for: [], isForPanel: false })
  for (const { uri, privateSealed } of await ctx.db.select().from(accountKeys).where(isNotNull(accountKeys.privateSealed))) {
    markers.push({ name: `private key ${uri}`, text: privateSealed!, for: [], isForPanel: false })
  }
  markers.push({ name: 'a private key in clear', text: 'PRIVATE KEY-----', for: [], isForPanel: false })
  for (const file of readdirSync(ctx.config.secretsDir)) {
    const bytes = readFileSync(join(ctx.config.secretsDir, file))
    for (const encoding of ['base64', 'base64url', 'hex', 'latin1'] as const) {
      const text = bytes.toString(encoding).trim()
      if (text.length >= 16) markers.push({ name: `secret ${file} in ${encoding}`, text, for: [], isForPanel: false })
    }
  }
  return { markers, searches }
}
