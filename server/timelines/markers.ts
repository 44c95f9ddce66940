import { and, eq, lt, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { markers } from '#db/schema/timelines.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'

export type MarkerRow = typeof markers.$inferSelect

const markerOf = prepare((db: Reader) =>
  db
    .select()
    .from(markers)
    .where(and(eq(markers.accountId, sql.placeholder('me')), eq(markers.timeline, sql.placeholder('timeline'))))
)

/** How far somebody said they have read a timeline; undefined before they ever did. */
export async function findMarker(db: Reader, accountId: number, timeline: MarkerRow['timeline']): Promise<MarkerRow | undefined> {
  const [row] = await markerOf(db, { me: accountId, timeline })
  return row
}

/**
 * Everything up to an id of a timeline counts as read. A marker moves by this alone, never by looking, and only to what is newer: what was read stays read.
 * Refusal('forbidden') for whoever has no account.
 */
export async function markRead(
  ctx: Context,
  who: Who,
  { timeline, upToId }: { timeline: MarkerRow['timeline']; upToId: number }
): Promise<void> {
  requirePerson(who)
  const accountId = who.account.id
  await ctx.transact(async (tx) => {
    await tx
      .insert(markers)
      .values({ accountId, timeline, lastReadId: upToId, updatedAt: tx.now })
      .onConflictDoUpdate({
        target: [markers.accountId, markers.timeline],
        set: { lastReadId: upToId, version: sql`${markers.version} + 1`, updatedAt: tx.now },
        setWhere: lt(markers.lastReadId, upToId)
      })
  })
}
