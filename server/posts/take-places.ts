import { sql } from 'drizzle-orm'
import { dialectOfProcess } from '#db/dialect.ts'
import type { Tx } from '#db/reader.ts'

/** First number of the advisory locks of posts that name each other; the second is a hash of the post's id. */
const lockSpace = 7_281_946

/**
 * A post and an answer to it, or a quote of it, by two authors may come at one moment. On PostgreSQL neither of their transactions would see what the other has not committed, and the
 * answer would hang on nothing, and the quote show nothing, for ever: whoever comes second waits here, until the transaction of the first ends, before either is looked for. SQLite
 * has one writer anyway. In one order, so that two that answer each other do not wait for each other.
 */
export async function takePlaces(tx: Tx, uri: string, ...named: readonly (string | undefined)[]): Promise<void> {
  if (dialectOfProcess() !== 'postgres') return
  const uris = [...new Set([uri, ...named.filter((each) => each !== undefined)])].sort()
  const locks = uris.map((each) => sql`pg_advisory_xact_lock(${lockSpace}::int, hashtext(${each}))`)
  await tx.rows(sql`select ${sql.join(locks, sql`, `)}`)
}
