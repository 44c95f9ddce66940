import { and, desc, eq, isNotNull, isNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { retentionPasses } from '#db/schema/retention.ts'

export type RetentionPass = typeof retentionPasses.$inferSelect

export async function findPass(db: Reader, id: number): Promise<RetentionPass | undefined> {
  const [pass] = await db.select().from(retentionPasses).where(eq(retentionPasses.id, id))
  return pass
}

/** The last pass of a kind, finished or under way. */
export async function findLastPass(
  db: Reader,
  kind: RetentionPass['kind'],
  state?: 'ended' | 'running'
): Promise<RetentionPass | undefined> {
  const isInState =
    state === undefined ? undefined : state === 'ended' ? isNotNull(retentionPasses.endedAt) : isNull(retentionPasses.endedAt)
  const [pass] = await db
    .select()
    .from(retentionPasses)
    .where(and(eq(retentionPasses.kind, kind), isInState))
    .orderBy(desc(retentionPasses.id))
    .limit(1)
  return pass
}
