import { eq, sql } from 'drizzle-orm'
import { prepare, type Tx } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { notify } from '#server/notifications/notify.ts'

const authorOf = prepare((tx: Tx) =>
  tx
    .select({ authorId: posts.authorId })
    .from(posts)
    .where(eq(posts.id, sql.placeholder('id')))
)

/** Reaction: the author of ours whose post somebody answers with an emoji; once a person and post, however many emoji they leave. */
export async function notifyReacted(tx: Tx, { accountId, postId }: { accountId: number; postId: number }): Promise<void> {
  const [post] = await authorOf(tx, { id: postId })
  if (post) await notify(tx, [post.authorId], { kind: 'reaction', fromId: accountId, postId })
}
