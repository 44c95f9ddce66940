import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { bookmarks, favourites, postMentions, posts } from '#db/schema/posts.ts'
import type { PostRow } from '#server/posts/find-post.ts'

/** Of each kind so many people at most, the latest: every one more makes every later change of the entry dearer. */
const peopleMax = 500

/** Accounts of ours that find a post whoever its author is, each once. */
export interface Finders {
  /** All of them: its author, those it names, and those who answered, boosted, like or keep it. */
  people: number[]
  bookmarkers: number[]
  favouriters: number[]
}

const id = sql.placeholder('id')
const readMentioned = prepare((db: Reader) =>
  db
    .select({ accountId: postMentions.accountId })
    .from(postMentions)
    .innerJoin(accounts, and(eq(accounts.id, postMentions.accountId), isNull(accounts.domain)))
    .where(eq(postMentions.postId, id))
    .limit(peopleMax)
)
const readBookmarkers = prepare((db: Reader) =>
  db.select({ accountId: bookmarks.accountId }).from(bookmarks).where(eq(bookmarks.postId, id)).orderBy(desc(bookmarks.id)).limit(peopleMax)
)
// Likes of elsewhere have an id of their own; ours derive it.
const readFavouriters = prepare((db: Reader) =>
  db
    .select({ accountId: favourites.accountId })
    .from(favourites)
    .where(and(eq(favourites.postId, id), isNull(favourites.uri)))
    .orderBy(desc(favourites.id))
    .limit(peopleMax)
)
const readBoosters = prepare((db: Reader) =>
  db
    .select({ accountId: posts.authorId })
    .from(posts)
    .where(and(eq(posts.boostOfId, id), sql`${posts.boostOfId} is not null`, eq(posts.isLocal, true)))
    .limit(peopleMax)
)
const readRepliers = prepare((db: Reader) =>
  db
    .selectDistinct({ accountId: posts.authorId })
    .from(posts)
    .where(and(eq(posts.replyToId, id), eq(posts.isLocal, true), isNull(posts.deletedAt)))
    .limit(peopleMax)
)

/** Who of ours finds a post as its author, by name, or by what they did with it. */
export async function findersOf(db: Reader, post: Pick<PostRow, 'id' | 'authorId'>, isAuthorOurs: boolean): Promise<Finders> {
  const of = { id: post.id }
  const idsOf = (rows: { accountId: number }[]) => rows.map(({ accountId }) => accountId)
  const bookmarkers = idsOf(await readBookmarkers(db, of))
  const favouriters = idsOf(await readFavouriters(db, of))
  const others = [...idsOf(await readMentioned(db, of)), ...idsOf(await readBoosters(db, of)), ...idsOf(await readRepliers(db, of))]
  const author = isAuthorOurs ? [post.authorId] : []
  return { people: [...new Set([...author, ...others, ...bookmarkers, ...favouriters])], bookmarkers, favouriters }
}
