import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { media } from '#db/schema/media.ts'
import { bookmarks, favourites, postMentions, posts, postTags } from '#db/schema/posts.ts'
import type { Account } from '#server/accounts/who.ts'
import { type Limits, limitsOf } from '#server/interactions/load-limits.ts'
import { type LoadedQuote, quotesOf } from '#server/interactions/load-quotes.ts'
import { type PollDetails, pollsOf } from '#server/polls/find-poll.ts'
import { mayBoost } from '#server/posts/boost-post.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { type ReactionCount, reactionsOf } from '#server/posts/find-reactions.ts'
import { mutedThreadsAmong } from '#server/posts/mute-thread.ts'
import { postsByIds, prepareByIds } from '#server/posts/posts-by-ids.ts'
import { visibleTo } from '#server/posts/visibility.ts'

export type MediaRow = typeof media.$inferSelect

/** A post with all that is shown with it. */
export interface PostDetails {
  /** The row of the timeline: the post's own, or the boost's that brought it here. */
  row: PostRow
  /** Who brought it here; undefined when the row is the post itself. */
  booster: Account | undefined
  post: PostRow
  author: Account
  /** In the order they are shown. */
  media: MediaRow[]
  mentions: Account[]
  /** The emoji left under it, the first one first. */
  reactions: ReactionCount[]
  /** What it asks, with the viewer's votes; undefined when it asks nothing. */
  poll: PollDetails | undefined
  /** Whose word a reply of the viewer's waits for, or did not get; undefined for any other post. */
  heldBy: Account | undefined
  /** What it quotes, as far as the viewer is shown it; undefined when it quotes nothing. */
  quote: QuoteDetails | undefined
  /** Keys as of tagKey. */
  tags: string[]
  /** Undefined when it answers nothing. `author` is unknown when the parent never came here; `postId` is set when the viewer may see the parent. */
  replyTo: { author: Account | undefined; postId: number | undefined } | undefined
  /** What the viewer's filters make of it where it is shown (see filters/filter-posts.ts), by the titles of those that found it; undefined for nearly all. */
  filtered: { action: 'warn' | 'blur'; titles: string[] } | undefined
  /** Undefined for nobody signed in. */
  viewer: ViewerState | undefined
}

export interface QuoteDetails extends LoadedQuote {
  /** Who wrote the quoted post; undefined unless it is shown. */
  author: Account | undefined
  media: MediaRow[]
}

export interface ViewerState {
  isOwn: boolean
  isBoosted: boolean
  isFavourited: boolean
  isBookmarked: boolean
  /** The viewer wants to hear no more of the conversation. */
  isThreadMuted: boolean
  mayBoost: boolean
  /** What its author lets the viewer do, and what waits for a word of theirs. */
  limits: Limits | undefined
}

/**
 * Posts as pages and clients show them, in the order of the rows, in a constant number of queries. The rows have been chosen for this viewer
 * (undefined: anybody) by a timeline or by getPost; who may see them is not asked again, but for the parents. Rows whose post is gone are left out.
 */
export async function loadPosts(db: Reader, viewerId: number | undefined, rows: readonly PostRow[]): Promise<PostDetails[]> {
  const originals = await originalsOf(db, rows)
  const quotes = await quotesOf(db, viewerId, originals.values())
  const quoted = [...quotes.values()].flatMap(({ post }) => post ?? [])
  const ids = [...originals.keys()]
  const parentIds = [...new Set([...originals.values()].flatMap((post) => post.replyToId ?? []))]
  const [mentions, tags, pictures, emojis, polls, parents, state] = await Promise.all([
    mentionsOf(db, ids),
    tagsOf(db, ids),
    mediaOf(db, [...ids, ...quoted.map(({ id }) => id)]),
    reactionsOf(db, viewerId, ids),
    pollsOf(
      db,
      viewerId,
      ids.filter((id) => originals.get(id)?.type === 'Question')
    ),
    viewerId === undefined ? parentsForAll(db, parentIds) : parentsFor(db, parentIds, { me: viewerId }),
    viewerId === undefined ? undefined : stateOf(db, viewerId, originals)
  ])
  const mentionsMe = new Set(mentions.flatMap(({ postId, accountId }) => (accountId === viewerId ? postId : [])))
  const limits = viewerId === undefined ? undefined : await limitsOf(db, viewerId, originals.values(), mentionsMe)
  const people = await accountsByIds(db, [
    ...rows.map((row) => row.authorId),
    ...[...originals.values()].flatMap((post) => [post.authorId, ...(post.replyToAuthorId === null ? [] : [post.replyToAuthorId])]),
    ...quoted.map(({ authorId }) => authorId),
    ...[...(limits?.values() ?? [])].flatMap(({ held }) => held?.authorId ?? []),
    ...mentions.map((mention) => mention.accountId)
  ])
  const mentionsByPost = Map.groupBy(mentions, (mention) => mention.postId)
  const tagsByPost = Map.groupBy(tags, (tag) => tag.postId)
  const mediaByPost = Map.groupBy(pictures, (picture) => picture.postId)
  const visibleParents = new Set(parents.map((parent) => parent.id))

  return rows.flatMap((row): PostDetails[] => {
    const post = originals.get(row.boostOfId ?? row.id)
    const author = post && people.get(post.authorId)
    if (!post || !author) return []
    const parentId = post.replyToId
    return [
      {
        row,
        booster: row.boostOfId === null ? undefined : people.get(row.authorId),
        post,
        author,
        media: (mediaByPost.get(post.id) ?? []).sort((a, b) => a.position - b.position),
        mentions: (mentionsByPost.get(post.id) ?? []).flatMap((mention) => people.get(mention.accountId) ?? []),
        reactions: emojis.get(post.id) ?? [],
        poll: polls.get(post.id),
        heldBy: people.get(limits?.get(post.id)?.held?.authorId ?? 0),
        quote: quoteDetails(quotes.get(post.id), people, mediaByPost),
        tags: (tagsByPost.get(post.id) ?? []).map((tag) => tag.tag),
        replyTo:
          post.replyToUri === null
            ? undefined
            : {
                author: post.replyToAuthorId === null ? undefined : people.get(post.replyToAuthorId),
                postId: parentId !== null && visibleParents.has(parentId) ? parentId : undefined
              },
        filtered: undefined,
        viewer: viewerId === undefined || !state ? undefined : viewerState(viewerId, post, state, limits?.get(post.id))
      }
    ]
  })
}

function quoteDetails(
  quote: LoadedQuote | undefined,
  people: ReadonlyMap<number, Account>,
  mediaByPost: ReadonlyMap<number | null, MediaRow[]>
): QuoteDetails | undefined {
  if (!quote) return undefined
  const { post } = quote
  const pictures = post ? (mediaByPost.get(post.id) ?? []) : []
  return { ...quote, author: post && people.get(post.authorId), media: [...pictures].sort((a, b) => a.position - b.position) }
}

/** Rows of accounts by id. */
export async function accountsByIds(db: Reader, ids: readonly number[]): Promise<Map<number, Account>> {
  const found = await accountRows(db, [...new Set(ids)])
  return new Map(found.map((account) => [account.id, account]))
}

async function originalsOf(db: Reader, rows: readonly PostRow[]): Promise<Map<number, PostRow>> {
  const originals = new Map(rows.filter((row) => row.boostOfId === null).map((row) => [row.id, row]))
  const missing = rows.flatMap((row) => (row.boostOfId === null || originals.has(row.boostOfId) ? [] : row.boostOfId))
  for (const post of await postsByIds(db, [...new Set(missing)])) if (post.deletedAt === null) originals.set(post.id, post)
  return originals
}

interface State {
  boosted: Set<number | null>
  favourited: Set<number>
  bookmarked: Set<number>
  mutedThreads: Set<number>
}

async function stateOf(db: Reader, viewerId: number, originals: ReadonlyMap<number, PostRow>): Promise<State> {
  const ids = [...originals.keys()]
  const threadIds = [...originals.values()].map(({ threadId }) => threadId)
  const [boosted, favourited, bookmarked, mutedThreads] = await Promise.all([
    boostedBy(db, ids, { me: viewerId }),
    favouritedBy(db, ids, { me: viewerId }),
    bookmarkedBy(db, ids, { me: viewerId }),
    mutedThreadsAmong(db, viewerId, threadIds)
  ])
  const idsOf = <T>(found: { postId: T }[]) => new Set(found.map((each) => each.postId))
  return { boosted: idsOf(boosted), favourited: idsOf(favourited), bookmarked: idsOf(bookmarked), mutedThreads }
}

function viewerState(
  viewerId: number,
  post: PostRow,
  { boosted, favourited, bookmarked, mutedThreads }: State,
  limits: Limits | undefined
): ViewerState {
  return {
    isOwn: post.authorId === viewerId,
    isBoosted: boosted.has(post.id),
    isFavourited: favourited.has(post.id),
    isBookmarked: bookmarked.has(post.id),
    isThreadMuted: mutedThreads.has(post.threadId),
    mayBoost: mayBoost(viewerId, post) && limits?.may.announce !== 'never',
    limits
  }
}

const me = sql.placeholder('me')
/** SQLite would look into its samples of the author index for the value, and so plan anew at each run, which costs five times what the query does. */
const meUnseen = sql`(select cast(${me} as bigint))`
type ByViewer = { me: number }

const accountRows = prepareByIds<Account>((db, ids) => db.select().from(accounts).where(inArray(accounts.id, ids)))
const mentionsOf = prepareByIds<{ postId: number; accountId: number }>((db, ids) =>
  db.select().from(postMentions).where(inArray(postMentions.postId, ids)).orderBy(asc(postMentions.accountId))
)
const tagsOf = prepareByIds<{ postId: number; tag: string }>((db, ids) =>
  db.select().from(postTags).where(inArray(postTags.postId, ids)).orderBy(asc(postTags.tag))
)
const mediaOf = prepareByIds<MediaRow>((db, ids) => db.select().from(media).where(inArray(media.postId, ids)))
const parentsForAll = prepareByIds<{ id: number }>((db, ids) =>
  db
    .select({ id: posts.id })
    .from(posts)
    .where(and(inArray(posts.id, ids), visibleTo(undefined)))
)
const parentsFor = prepareByIds<{ id: number }, ByViewer>((db, ids) =>
  db
    .select({ id: posts.id })
    .from(posts)
    .where(and(inArray(posts.id, ids), visibleTo(me)))
)
const boostedBy = prepareByIds<{ postId: number | null }, ByViewer>((db, ids) =>
  db
    .select({ postId: posts.boostOfId })
    .from(posts)
    .where(and(eq(posts.authorId, meUnseen), inArray(posts.boostOfId, ids)))
)
const favouritedBy = prepareByIds<{ postId: number }, ByViewer>((db, ids) =>
  db
    .select({ postId: favourites.postId })
    .from(favourites)
    .where(and(eq(favourites.accountId, me), inArray(favourites.postId, ids)))
)
const bookmarkedBy = prepareByIds<{ postId: number }, ByViewer>((db, ids) =>
  db
    .select({ postId: bookmarks.postId })
    .from(bookmarks)
    .where(and(eq(bookmarks.accountId, me), inArray(bookmarks.postId, ids)))
)
