import { type AnyColumn, eq, isNotNull, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { instanceFacts } from '#db/schema/moderation.ts'
import { deliveries, receipts } from '#db/schema/peers.ts'
import { posts } from '#db/schema/posts.ts'
import type { Context } from '#server/context.ts'
import { Refusal, StartError } from '#server/errors.ts'

/**
 * Stores origin and handle domain at the first start. Later both must be the same, since they are part of every id that others know:
 * otherwise throws StartError, whose sentence says what to do.
 */
export async function checkOrigin(ctx: Context): Promise<void> {
  const { origin, handleDomain } = ctx.config
  await ctx.transact(async (tx) => {
    await tx
      .insert(instanceFacts)
      .values([
        { key: 'origin', value: origin },
        { key: 'handle-domain', value: handleDomain },
        { key: 'first-started-at', value: String(tx.now) }
      ])
      .onConflictDoNothing()
  })
  const stored = new Map((await ctx.db.select().from(instanceFacts)).map(({ key, value }) => [key, value]))
  const [storedOrigin, storedDomain] = [stored.get('origin'), stored.get('handle-domain')]
  if (storedOrigin === origin && storedDomain === handleDomain) return
  const [name, was, is] = storedOrigin === origin ? ['HANDLE_DOMAIN', storedDomain, handleDomain] : ['ORIGIN', storedOrigin, origin]
  // What follows from the port alone was set by nobody.
  const isSaid = name === 'ORIGIN' ? ctx.config.given.origin : ctx.config.given.handleDomain
  throw new StartError(
    `This instance was started as ${was} and that is part of every address of it, but ${isSaid ? `${name} is now ${is}` : `without ${name} it would now be ${is}`}: set ${name} ${isSaid ? 'back ' : ''}to ${was}` +
      (name === 'ORIGIN' ? ` (or, while nothing has federated yet, run "npm run -s admin -- origin set ${origin}").` : '.')
  )
}

/** Whether any other server knows of us, or we of it: from then on nothing in an address may change. */
export async function hasFederated(db: Reader): Promise<boolean> {
  const [remotes, waiting, received] = await Promise.all([
    db.select({ id: accounts.id }).from(accounts).where(isNotNull(accounts.domain)).limit(1),
    db.select({ id: deliveries.id }).from(deliveries).limit(1),
    db.select({ hash: receipts.signatureHash }).from(receipts).limit(1)
  ])
  return remotes.length + waiting.length + received.length > 0
}

/**
 * Moves an instance that has not federated to another origin and handle domain: every address that was derived from the old origin is
 * rewritten. Refusal `conflict` once anybody else may know the old ones. For the command line, which loads the new configuration.
 */
export async function setOrigin(ctx: Context, { origin, handleDomain }: { origin: string; handleDomain: string }): Promise<void> {
  await ctx.transact(async (tx) => {
    if (await hasFederated(tx)) throw new Refusal('conflict', 'origin.federated')
    const [stored] = await tx.select().from(instanceFacts).where(eq(instanceFacts.key, 'origin'))
    const was = stored?.value ?? origin
    const moved = (column: AnyColumn) => sql`replace(${column}, ${`${was}/`}, ${`${origin}/`})`
    await tx.update(accounts).set({ uri: moved(accounts.uri), url: moved(accounts.url), bioHtml: moved(accounts.bioHtml) })
    await tx.update(accountKeys).set({ uri: moved(accountKeys.uri) })
    await tx.update(follows).set({ uri: moved(follows.uri) })
    await tx.update(posts).set({ uri: moved(posts.uri), replyToUri: moved(posts.replyToUri), html: moved(posts.html) })
    for (const [key, value] of [
      ['origin', origin],
      ['handle-domain', handleDomain]
    ] as const) {
      await tx.insert(instanceFacts).values({ key, value }).onConflictDoUpdate({ target: instanceFacts.key, set: { value } })
    }
  })
}
