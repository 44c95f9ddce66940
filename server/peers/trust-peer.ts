import { and, eq, isNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { peers } from '#db/schema/peers.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'

/** A server is a stranger no more; what was put by of it is taken in. False when it was none, or is unknown. */
export async function trustPeer(tx: Tx, host: string): Promise<boolean> {
  const [trusted] = await tx
    .update(peers)
    .set({ trustedAt: tx.now })
    .where(and(eq(peers.host, host), isNull(peers.trustedAt)))
    .returning({ host: peers.host })
  if (!trusted) return false
  await enqueue(tx, fetchJob('release-held', host, { host }))
  return true
}

/** Reaction: somebody of ours follows somebody there, with their consent. */
export async function trustFollowed(tx: Tx, { followId }: { followId: number }): Promise<void> {
  const [followed] = await tx
    .select({ host: accounts.host })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followedId))
    .where(eq(follows.id, followId))
  if (followed?.host) await trustPeer(tx, followed.host)
}
