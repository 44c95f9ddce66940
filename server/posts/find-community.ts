import { and, eq, isNull, sql } from 'drizzle-orm'
import { prepare, type Reader, type Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import type { Account } from '#server/accounts/who.ts'
import type { PostRow } from '#server/posts/find-post.ts'

const audienceOfRoot = prepare((tx: Tx) =>
  tx
    .select({ audienceUri: posts.audienceUri })
    .from(posts)
    .where(eq(posts.id, sql.placeholder('threadId')))
)

const communityByUri = prepare((db: Reader) =>
  db
    .select()
    .from(accounts)
    .where(
      and(eq(accounts.uri, sql.placeholder('uri')), eq(accounts.type, 'Group'), isNull(accounts.deletedAt), isNull(accounts.suspendedAt))
    )
)

/**
 * The community a new post of ours belongs to (FEP-1b12), by the id of its actor: that of the post it answers, else of the thread, else the first one it
 * mentions; null for none.
 */
export async function findCommunity(tx: Tx, parent: PostRow | undefined, mentioned: readonly Account[]): Promise<string | null> {
  if (parent) {
    const [root] = parent.audienceUri === null ? await audienceOfRoot(tx, { threadId: parent.threadId }) : [parent]
    if (root && root.audienceUri !== null) return root.audienceUri
  }
  return mentioned.find((account) => account.type === 'Group')?.uri ?? null
}

/** The account of a community by the id of its actor; undefined when it is not known here, no group, or hidden. */
export async function findGroupAccount(db: Reader, uri: string | null): Promise<Account | undefined> {
  if (uri === null) return undefined
  const [group] = await communityByUri(db, { uri })
  return group
}
