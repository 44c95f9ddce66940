import { sql } from 'drizzle-orm'
import { index, int, json, table, text, time, uniqueIndex } from '#db/table.ts'

/** `quick` is what a person waits for; `slow` may take its time; `fetch` asks other servers, which may take theirs, on behalf of whoever sent us there. */
export type Lane = 'quick' | 'slow' | 'fetch'

/** Work written in the same transaction as the change it follows from; deleted once done. */
export const jobs = table(
  'jobs',
  {
    id: int().primaryKey(),
    /** Names the handler. */
    kind: text().notNull(),
    input: json<Record<string, unknown>>().notNull(),
    lane: text<Lane>().notNull(),
    /** Jobs of one key run one after another, in order of id; null for no order. */
    orderKey: text(),
    /** At most one waiting job per key; null for no limit. */
    onceKey: text(),
    attempts: int().notNull().default(0),
    runAt: time().notNull(),
    lockedUntil: time(),
    /** Which lease holds it: a late worker cannot finish what another took over. */
    lease: int(),
    lastError: text(),
    /** Set when it failed for good: a dead letter. */
    deadAt: time(),
    createdAt: time().notNull()
  },
  (t) => [
    index('jobs_due').on(t.lane, t.runAt).where(sql`dead_at is null`),
    index('jobs_order').on(t.orderKey, t.id).where(sql`order_key is not null`),
    uniqueIndex('jobs_once').on(t.onceKey).where(sql`once_key is not null`),
    index('jobs_dead').on(t.deadAt).where(sql`dead_at is not null`)
  ]
)

/** When each recurring task runs next. */
export const schedules = table('schedules', {
  name: text().primaryKey(),
  nextRunAt: time().notNull()
})
