import { and, eq, exists, gt, inArray, isNull, lte, not, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { appCodes, apps, appTokens } from '#db/schema/apps.ts'
import type { Context } from '#server/context.ts'

const dayMs = 86_400_000
/** A code that is over is known so long, so that one that was stolen is noticed. */
const oldCodeMs = dayMs
/** A token that was taken back is known so long: its app learns why it is refused. */
const revokedMs = 30 * dayMs
/** An app that nobody ever allowed, and that did nothing for itself, is forgotten after so long. */
const unusedMs = 30 * dayMs
/** Apps forgotten in one transaction, so that others take their turn in between; and transactions of one sweep: anybody may introduce hundreds an hour. */
const batch = 500
const batchesMax = 10

/** Takes away what is over: codes, tokens that were taken back, and apps that nobody ever allowed. */
export async function sweepApps(ctx: Context): Promise<void> {
  await ctx.transact(async (tx) => {
    await tx.delete(appCodes).where(lte(appCodes.expiresAt, tx.now - oldCodeMs))
    await tx.delete(appTokens).where(lte(appTokens.revokedAt, tx.now - revokedMs))
  })
  for (let step = 0; step < batchesMax; step += 1) if ((await ctx.transact(forgetUnused)) < batch) return
}

async function forgetUnused(tx: Tx): Promise<number> {
  const lastUse = sql`coalesce(${appTokens.lastUsedAt}, ${appTokens.createdAt})`
  const isInUse = exists(
    tx
      .select({ id: appTokens.id })
      .from(appTokens)
      .where(and(eq(appTokens.appId, apps.id), isNull(appTokens.revokedAt), gt(lastUse, tx.now - unusedMs)))
  )
  const unused = await tx
    .select({ id: apps.id })
    .from(apps)
    .where(and(isNull(apps.allowedAt), lte(apps.createdAt, tx.now - unusedMs), not(isInUse)))
    .limit(batch)
  const ids = unused.map(({ id }) => id)
  // Somebody may have allowed one since it was looked at.
  if (ids.length > 0) await tx.delete(apps).where(and(inArray(apps.id, ids), isNull(apps.allowedAt)))
  return ids.length
}
