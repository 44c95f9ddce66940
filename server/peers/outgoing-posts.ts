import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { prepare, type Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { media } from '#db/schema/media.ts'
import { postAudience, postMentions, posts, postTags } from '#db/schema/posts.ts'

const post = { ...posts }
const author = alias(accounts, 'author')
const community = alias(accounts, 'community')
const original = alias(posts, 'original')
const originalAuthor = alias(accounts, 'original_author')
const answered = alias(accounts, 'answered')

const columns = {
  post,
  authorUri: author.uri,
  authorName: author.name,
  authorSuspendedAt: author.suspendedAt,
  authorDeletedAt: author.deletedAt,
  /** The community it is in, when that is known here and stands. */
  communityId: community.id,
  communityUri: community.uri,
  /** Author of the post it answers. */
  answeredUri: answered.uri,
  originalUri: original.uri,
  originalIsLocal: original.isLocal,
  originalAuthorUri: originalAuthor.uri
}

const byId = prepare((db) =>
  db
    .select(columns)
    .from(posts)
    .innerJoin(author, eq(author.id, posts.authorId))
    .leftJoin(original, eq(original.id, posts.boostOfId))
    .leftJoin(originalAuthor, eq(originalAuthor.id, original.authorId))
    .leftJoin(answered, eq(answered.id, posts.replyToAuthorId))
    .leftJoin(
      community,
      and(eq(community.uri, posts.audienceUri), eq(community.type, 'Group'), isNull(community.deletedAt), isNull(community.suspendedAt))
    )
    .where(and(eq(posts.id, sql.placeholder('id')), eq(posts.isLocal, true)))
)

/** A post or boost of ours as it stands in its row, deleted ones too, with what its object names. */
export type OutgoingRow = Awaited<ReturnType<typeof byId>>[number]

/** One of our posts or boosts, whoever may see it. */
export async function findOutgoing(db: Reader, id: number): Promise<OutgoingRow | undefined> {
  const [row] = await byId(db, { id })
  return row
}

const mentionsOf = prepare((db) =>
  db
    .select({ id: accounts.id, uri: accounts.uri, name: accounts.name, domain: accounts.domain })
    .from(postMentions)
    .innerJoin(accounts, eq(accounts.id, postMentions.accountId))
    .where(eq(postMentions.postId, sql.placeholder('id')))
    .orderBy(asc(accounts.id))
)

const personsOf = prepare((db) =>
  db
    .select({ id: accounts.id, uri: accounts.uri })
    .from(postAudience)
    .innerJoin(accounts, eq(accounts.id, postAudience.accountId))
    .where(and(eq(postAudience.postId, sql.placeholder('id')), eq(postAudience.kind, 'person')))
    .orderBy(asc(accounts.id))
)

const tagsOf = prepare((db) =>
  db
    .select({ tag: postTags.tag })
    .from(postTags)
    .where(eq(postTags.postId, sql.placeholder('id')))
    .orderBy(asc(postTags.tag))
)

const mediaOf = prepare((db) =>
  db
    .select({
      key: media.key,
      mime: media.mime,
      alt: media.alt,
      width: media.width,
      height: media.height,
      focusX: media.focusX,
      focusY: media.focusY
    })
    .from(media)
    .where(eq(media.postId, sql.placeholder('id')))
    .orderBy(asc(media.position))
)

export interface OutgoingDetails {
  mentions: { id: number; uri: string; name: string; domain: string | null }[]
  /** People addressed, mentioned or not. */
  persons: { id: number; uri: string }[]
  tags: string[]
  media: Awaited<ReturnType<typeof mediaOf>>
}

/** What stands beside a post of ours. */
export async function findOutgoingDetails(db: Reader, id: number): Promise<OutgoingDetails> {
  const [mentions, persons, tags, pictures] = await Promise.all([
    mentionsOf(db, { id }),
    personsOf(db, { id }),
    tagsOf(db, { id }),
    mediaOf(db, { id })
  ])
  return { mentions, persons, tags: tags.map((row) => row.tag), media: pictures }
}

/**
 * A page of what an account shows to everybody, posts and boosts, newest first: ids below `before`, at most `count`. The condition begins with
 * that of the index posts_outbox, in the same words, so that SQLite uses it.
 */
export async function findOutboxIds(db: Reader, accountId: number, before: number, count: number): Promise<number[]> {
  const rows = await db.rows(sql`
    select id from posts where author_id = ${accountId} and id < ${before} and visibility in ('public', 'unlisted') and is_local and deleted_at is null and not is_local_only
    order by id desc limit ${count}`)
  return rows.map((row) => Number(row.id))
}

/** How many posts and boosts the outbox shows. Nothing is counted that the asker may not read. */
export async function countOutbox(db: Reader, accountId: number): Promise<number> {
  const [row] = await db.rows(sql`
    select count(*) as count from posts where author_id = ${accountId} and visibility in ('public', 'unlisted') and is_local and deleted_at is null and not is_local_only`)
  return Number(row?.count ?? 0)
}
