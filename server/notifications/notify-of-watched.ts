import { and, eq, sql } from 'drizzle-orm'
import { prepare, type Tx } from '#db/reader.ts'
import { follows } from '#db/schema/follows.ts'
import { posts } from '#db/schema/posts.ts'
import { notify } from '#server/notifications/notify.ts'

/** People told of one post; an account that more watch tells the first ones only. */
const watchersMax = 1_000

const watchersOf = prepare((tx: Tx) =>
  tx
    .select({ authorId: posts.authorId, followerId: follows.followerId })
    .from(posts)
    .innerJoin(follows, and(eq(follows.followedId, posts.authorId), eq(follows.state, 'accepted'), eq(follows.notifies, true)))
    .where(
      and(
        eq(posts.id, sql.placeholder('postId')),
        eq(posts.isHeld, false),
        sql`${posts.visibility} <> 'direct'`,
        sql`(${posts.replyToUri} is null or ${posts.replyToAuthorId} = ${posts.authorId})`
      )
    )
    .limit(watchersMax)
)

/** Reaction: those of ours who want to hear of each post of its author, except answers to others and what is direct. */
export async function notifyWatchers(tx: Tx, { postId, isOld = false }: { postId: number; isOld?: boolean }): Promise<void> {
  if (isOld) return
  const rows = await watchersOf(tx, { postId })
  const [first] = rows
  if (!first) return
  await notify(
    tx,
    rows.map(({ followerId }) => followerId),
    { kind: 'post', fromId: first.authorId, postId }
  )
}
