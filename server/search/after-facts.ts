import { and, eq, or, sql } from 'drizzle-orm'
import { prepare, type Reader, type Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { postMentions, posts } from '#db/schema/posts.ts'
import { isThere } from '#server/posts/is-there.ts'
import { indexPost } from '#server/search/index-post.ts'

const readPlace = prepare((db: Reader) =>
  db
    .select({ replyToId: posts.replyToId, boostOfId: posts.boostOfId })
    .from(posts)
    .where(eq(posts.id, sql.placeholder('id')))
)

/** Of a post that came just now nobody here has done anything with: most come from authors who do not want to be found, and name nobody of ours. */
const isFindable = prepare((db: Reader) =>
  db
    .select({ id: posts.id })
    .from(posts)
    .innerJoin(accounts, eq(accounts.id, posts.authorId))
    .where(
      and(
        eq(posts.id, sql.placeholder('id')),
        or(
          and(eq(accounts.isIndexable, true), eq(posts.visibility, 'public')),
          isThere(
            sql`from ${postMentions} named join ${accounts} ours on ours.id = named.account_id and ours.domain is null where named.post_id = ${posts.id}`
          )
        )
      )
    )
)

/** A post of elsewhere goes into the index when anybody here may find it. */
export async function indexReceived(tx: Tx, { postId }: { postId: number }): Promise<void> {
  if ((await isFindable(tx, { id: postId })).length > 0) await indexPost(tx, postId)
}

/** The index follows what happened to a post, or between somebody of ours and a post. */
export async function indexAffected(tx: Tx, { postId }: { postId: number }): Promise<void> {
  await indexPost(tx, postId)
}

/** Whoever answers a post finds it again. */
export async function indexWritten(tx: Tx, { postId }: { postId: number }): Promise<void> {
  await indexPost(tx, postId)
  const [place] = await readPlace(tx, { id: postId })
  if (place && place.replyToId !== null) await indexPost(tx, place.replyToId)
}

/** As does whoever boosts it. */
export async function indexBoosted(tx: Tx, { boostId }: { boostId: number }): Promise<void> {
  const [place] = await readPlace(tx, { id: boostId })
  if (place && place.boostOfId !== null) await indexPost(tx, place.boostOfId)
}
