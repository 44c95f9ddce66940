import { eq, inArray, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Reader } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { quotes } from '#db/schema/quotes.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { prepareByIds } from '#server/posts/posts-by-ids.ts'
import { isMuted } from '#server/posts/quieting.ts'
import { isBlockedBetween, visibleTo } from '#server/posts/visibility.ts'

/**
 * What a quote shows somebody. `missing`: the quoted post never came here. `hidden`: it is not for them. The rest is said in words, and nothing of
 * the quoted post is shown.
 */
export type QuoteShown = 'shown' | 'pending' | 'rejected' | 'revoked' | 'deleted' | 'hidden' | 'blocked' | 'muted' | 'missing'

export interface LoadedQuote {
  shown: QuoteShown
  quotedUri: string
  /** Of a server that knows no consent. */
  isUnverified: boolean
  /** The quoted post; undefined unless it is shown. */
  post: PostRow | undefined
}

interface QuoteOfPost {
  quote: typeof quotes.$inferSelect
  post: PostRow | null
  isVisible: boolean
  isBlocked: boolean
  isMuted: boolean
}

const quoted = alias(posts, 'quoted')
const me = sql.placeholder('me')
/** Mutes that have run out are swept every minute; until then they hide a quote still. */
const anyTime = 0

const flag = (condition: ReturnType<typeof sql>) => sql<boolean>`${condition}`.mapWith(Boolean)

const forAll = prepareByIds<QuoteOfPost>((db, ids) =>
  db
    .select({
      quote: quotes,
      post: quoted,
      isVisible: flag(sql`coalesce(${visibleTo(undefined, quoted)}, false)`),
      isBlocked: flag(sql`false`),
      isMuted: flag(sql`false`)
    })
    .from(quotes)
    .leftJoin(quoted, eq(quoted.id, quotes.quotedId))
    .where(inArray(quotes.postId, ids))
)

const forOne = prepareByIds<QuoteOfPost, { me: number }>((db, ids) =>
  db
    .select({
      quote: quotes,
      post: quoted,
      isVisible: flag(sql`coalesce(${visibleTo(me, quoted)}, false)`),
      isBlocked: flag(sql`coalesce(${isBlockedBetween(me, quoted.authorId)}, false)`),
      isMuted: flag(sql`coalesce(${isMuted(me, quoted.authorId, anyTime)}, false)`)
    })
    .from(quotes)
    .leftJoin(quoted, eq(quoted.id, quotes.quotedId))
    .where(inArray(quotes.postId, ids))
)

/** What the posts among these that quote show to a viewer (undefined: anybody): one query, and none when nothing quotes. */
export async function quotesOf(db: Reader, viewerId: number | undefined, rows: Iterable<PostRow>): Promise<Map<number, LoadedQuote>> {
  const ids = [...rows].filter((row) => row.isQuote).map((row) => row.id)
  if (ids.length === 0) return new Map()
  const found = viewerId === undefined ? await forAll(db, ids) : await forOne(db, ids, { me: viewerId })
  return new Map(found.map((each) => [each.quote.postId, toLoaded(each, viewerId)]))
}

function toLoaded(found: QuoteOfPost, viewerId: number | undefined): LoadedQuote {
  const { quote, post } = found
  const shown = shownOf(found, viewerId)
  return {
    shown,
    quotedUri: quote.quotedUri,
    isUnverified: quote.state === 'unverified',
    post: shown === 'shown' ? (post ?? undefined) : undefined
  }
}

/** What stands between a quote and its reader, what was decided first: nobody learns of a post what its author's consent did not open. */
function shownOf({ quote, post, isVisible, isBlocked, isMuted }: QuoteOfPost, viewerId: number | undefined): QuoteShown {
  if (quote.state !== 'accepted' && quote.state !== 'unverified') return quote.state
  if (!post) return 'missing'
  if (post.deletedAt !== null) return 'deleted'
  if (isBlocked) return 'blocked'
  if (isMuted && post.authorId !== viewerId) return 'muted'
  return isVisible ? 'shown' : 'hidden'
}
