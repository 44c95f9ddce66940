import { and, eq, isNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { insertKeys, makeKeys } from '#server/accounts/account-keys.ts'
import { instanceActorName } from '#server/accounts/local-names.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'

/** The actor of the instance itself: it signs every ActivityPub GET, and stands in no list. */
export async function findInstanceActor(db: Reader): Promise<Account | undefined> {
  const [found] = await db
    .select()
    .from(accounts)
    .where(and(eq(accounts.nameKey, instanceActorName), isNull(accounts.domain)))
  return found
}

/** Creates the instance actor at first start. Of several processes that start at once, one creates it. */
export async function ensureInstanceActor(ctx: Context): Promise<Account> {
  const known = await findInstanceActor(ctx.db)
  if (known) return known
  const keys = await makeKeys(ctx)
  const uri = `${ctx.config.origin}/@${instanceActorName}`
  await ctx.transact(async (tx) => {
    const [created] = await tx
      .insert(accounts)
      .values({
        id: tx.newId(),
        name: instanceActorName,
        nameKey: instanceActorName,
        uri,
        url: `${ctx.config.origin}/about`,
        type: 'Application',
        isLocked: true,
        isDiscoverable: false,
        isIndexable: false,
        createdAt: tx.now
      })
      .onConflictDoNothing({ target: accounts.uri })
      .returning()
    if (created) await insertKeys(tx, created, keys)
  })
  const actor = await findInstanceActor(ctx.db)
  if (!actor) throw new Error('The actor of the instance could not be created.')
  return actor
}
