import { and, asc, desc, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { emojis } from '#db/schema/emoji.ts'
import { emojiUses, ownEmojis } from '#db/schema/own-emojis.ts'
import { reactionCounts } from '#db/schema/reactions.ts'
import type { ForeignEmoji } from '#server/emoji/copy-emoji.ts'
import type { OwnEmoji } from '#server/emoji/emoji-book.ts'
import { Refusal } from '#server/errors.ts'
import { contains, searchKey } from '#server/search/like-pattern.ts'
import { boundsOf, type Page } from '#server/timelines/pages.ts'

/** Emoji of a page of the panel. */
export const emojisPerPage = 100
/** Uses of one emoji are counted so far: more are many, and each page of the panel counts a hundred emoji. */
export const usesCounted = 1_000

export interface ListedEmoji {
  emoji: OwnEmoji
  /** Posts of ours that hold it, and reactions with it by whomever: one more than `usesCounted` where there are more. */
  posts: number
  reactions: number
}

export interface OwnFilter {
  /** Part of a shortcode; empty for all. */
  query: string
  /** Undefined for all. */
  category: string | undefined
  /** From 0. */
  pageAt: number
}

/** A page of the emoji of this instance, by category and shortcode, with how much each is used. */
export async function listOwnEmojis(
  db: Reader,
  { query, category, pageAt }: OwnFilter
): Promise<{ rows: ListedEmoji[]; hasMore: boolean }> {
  const key = searchKey(query).replaceAll(':', '')
  const isMeant = and(
    isNull(ownEmojis.deletedAt),
    key === '' ? undefined : contains(ownEmojis.shortcodeKey, key),
    category === undefined ? undefined : eq(ownEmojis.category, category)
  )
  const found = await db
    .select()
    .from(ownEmojis)
    .where(isMeant)
    .orderBy(asc(ownEmojis.category), asc(ownEmojis.shortcodeKey))
    .limit(emojisPerPage + 1)
    .offset(pageAt * emojisPerPage)
  const rows: ListedEmoji[] = []
  for (const emoji of found.slice(0, emojisPerPage)) rows.push({ emoji, ...(await usesOfEmoji(db, emoji)) })
  return { rows, hasMore: found.length > emojisPerPage }
}

/** The emoji of this instance. Refusal 'missing', deleted ones too. */
export async function getOwnEmoji(db: Reader, id: number): Promise<ListedEmoji> {
  const [emoji] = await db
    .select()
    .from(ownEmojis)
    .where(and(eq(ownEmojis.id, id), isNull(ownEmojis.deletedAt)))
  if (!emoji) throw new Refusal('missing', 'errors.emojiMissing')
  return { emoji, ...(await usesOfEmoji(db, emoji)) }
}

/** The headings that emoji stand under, the empty one left out. */
export async function emojiCategories(db: Reader): Promise<string[]> {
  const rows = await db
    .selectDistinct({ category: ownEmojis.category })
    .from(ownEmojis)
    .where(isNull(ownEmojis.deletedAt))
    .orderBy(asc(ownEmojis.category))
  return rows.map(({ category }) => category).filter((category) => category !== '')
}

/** Emoji of other servers by part of their shortcode or host (`blob`, `@example.org`, `blob@example.org`), those met last first. */
export async function listForeignEmojis(
  db: Reader,
  { query, isBlocked }: { query: string; isBlocked: boolean },
  page: Page
): Promise<{ rows: ForeignEmoji[]; olderCursor: number | undefined }> {
  const { before, rows: limit } = boundsOf(page)
  const [name = '', host] = searchKey(query).replaceAll(':', '').split('@')
  const shortcode = sql`lower(${emojis.shortcode})`
  const isNamed =
    host === undefined
      ? or(contains(shortcode, name), contains(emojis.host, name))
      : and(name === '' ? undefined : contains(shortcode, name), contains(emojis.host, host))
  const found = await db
    .select()
    .from(emojis)
    .where(and(lt(emojis.id, before), isBlocked ? isNotNull(emojis.blockedAt) : undefined, name === '' && !host ? undefined : isNamed))
    .orderBy(desc(emojis.id))
    .limit(limit + 1)
  const rows = found.slice(0, limit)
  return { rows, olderCursor: found.length > limit ? rows.at(-1)?.id : undefined }
}

async function usesOfEmoji(db: Reader, { id, mediaKey }: OwnEmoji): Promise<{ posts: number; reactions: number }> {
  const most = usesCounted + 1
  const posts = await db.select({ postId: emojiUses.postId }).from(emojiUses).where(eq(emojiUses.emojiId, id)).limit(most)
  const counts = await db
    .select({ count: reactionCounts.count })
    .from(reactionCounts)
    .where(eq(reactionCounts.mediaKey, mediaKey))
    .limit(most)
  const reactions = counts.reduce((sum, { count }) => sum + count, 0)
  return { posts: posts.length, reactions: Math.min(reactions, most) }
}
