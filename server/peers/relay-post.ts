import { and, eq, isNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { findRelayInboxes } from '#server/peers/relays.ts'

/** Reaction: a public post of ours also goes to the relays that take ids only. Costs one look-up where there is none. */
export async function announceToRelays(tx: Tx, { postId }: { postId: number }): Promise<void> {
  if ((await findRelayInboxes(tx, 'litepub')).length === 0) return
  const [post] = await tx
    .select({ id: posts.id })
    .from(posts)
    .where(
      and(
        eq(posts.id, postId),
        eq(posts.visibility, 'public'),
        eq(posts.isHeld, false),
        eq(posts.isLocalOnly, false),
        isNull(posts.deletedAt)
      )
    )
  if (post) await enqueue(tx, { kind: 'announce-to-relays', input: { postId }, lane: 'slow' })
}
