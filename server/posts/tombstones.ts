import { eq, sql } from 'drizzle-orm'
import { prepare, type Tx } from '#db/reader.ts'
import { tombstones } from '#db/schema/peers.ts'
import { awaitAct, isTakenBack } from '#server/peers/taken-back.ts'

const ofUri = prepare((tx: Tx) =>
  tx
    .select({ authorId: tombstones.authorId })
    .from(tombstones)
    .where(eq(tombstones.uri, sql.placeholder('uri')))
)

/** Whether an account elsewhere deleted what now comes from it, a post or a boost. What others on its server said of it counts for nothing. */
export async function wasDeleted(tx: Tx, { uri, authorId }: { uri: string; authorId: number }): Promise<boolean> {
  const [buried] = await ofUri(tx, { uri })
  if (!buried) return false
  if (buried.authorId === null || buried.authorId === authorId) return true
  return isTakenBack(tx, { actorId: authorId, uri })
}

/** Keeps that something was deleted. `isTheirs` when it is here and the author's own; else it is only their word. */
export async function bury(tx: Tx, { uri, authorId, isTheirs }: { uri: string; authorId: number; isTheirs: boolean }): Promise<void> {
  const written = await tx
    .insert(tombstones)
    .values({ uri, authorId, deletedAt: tx.now })
    .onConflictDoNothing()
    .returning({ uri: tombstones.uri })
  if (written.length > 0) return
  if (isTheirs) await tx.update(tombstones).set({ authorId, deletedAt: tx.now }).where(eq(tombstones.uri, uri))
  // Another actor of that server said it first, perhaps wrongly.
  else await awaitAct(tx, authorId, uri)
}
