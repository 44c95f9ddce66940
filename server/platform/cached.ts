import type { Database } from '#db/database.ts'

/**
 * A value read from the database and kept until its topic is signalled, by this process or another (a second at most behind).
 * A failed read is not kept.
 */
export function cachedUntilSignal<T>(database: Database, topic: string, load: () => Promise<T>): () => Promise<T> {
  let cached: Promise<T> | undefined
  database.onSignal((signalled) => {
    if (signalled === topic || signalled === '*') cached = undefined
  })
  return () => {
    if (!cached) {
      const loading = load()
      cached = loading
      loading.catch(() => {
        if (cached === loading) cached = undefined
      })
    }
    return cached
  }
}
