import { and, eq, isNull, lt, ne, or, sql } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { trends, type TrendKind } from '#db/schema/trends.ts'
import { posts } from '#db/schema/posts.ts'
import type { Context } from '#server/context.ts'
import { isThere } from '#server/posts/is-there.ts'
import { readRecent, readVoices, tagsOfPosts } from '#server/trends/read-recent.ts'
import { type Gathered, Gathering, peopleMin } from '#server/trends/gather.ts'
import { linksOf } from '#server/trends/links-of.ts'
import { trendsMode } from '#server/trends/mode.ts'

const dayMs = 24 * 60 * 60_000
/** Posts of so many days are looked at, and so many posts at most. */
const lookBackMs = 3 * dayMs
const postsMax = 20_000
const postsPerRead = 250
const keptOfKind = 40
/** Posts whose likes and boosts are looked at one by one: those with most of them. */
const candidatesMax = 60
const undecidedKeptMs = 7 * dayMs
const decidedKeptMs = 90 * dayMs

type Found = Record<TrendKind, Gathered[]>

/**
 * What many talk about: counts the different people behind the tags, links and posts of the last three days, out of public posts alone, and writes the first
 * forty of each. Nobody who was silenced or hidden counts, nor what is sensitive or behind a warning. Reads in small steps; does nothing while trends are off.
 */
export async function refreshTrends(ctx: Context): Promise<void> {
  if ((await trendsMode(ctx)) === 'off') return
  const found = await gather(ctx)
  await ctx.transact(async (tx) => {
    for (const kind of ['tag', 'link', 'post'] as const) await write(tx, kind, found[kind])
    await askAgain(tx)
    const isOld = or(and(isNull(trends.isApproved), lt(trends.seenAt, tx.now - undecidedKeptMs)), lt(trends.seenAt, tx.now - decidedKeptMs))
    await tx.delete(trends).where(isOld)
  })
}

async function gather(ctx: Context): Promise<Found> {
  const now = ctx.clock.now()
  const gatherings = { tag: new Gathering(), link: new Gathering(), post: new Gathering() }
  const liked: { id: number; authorId: number; warmth: number }[] = []
  let before = Number.MAX_SAFE_INTEGER
  for (let looked = 0; looked < postsMax; looked += postsPerRead) {
    const rows = await readRecent(ctx.db, { before, since: now - lookBackMs, count: postsPerRead })
    const calm = rows.filter((row) => !row.isSensitive && row.warning === '' && row.isOffered)
    const voices = new Map(calm.map((row) => [row.id, { accountId: row.authorId, host: row.host ?? '', at: row.createdAt }]))
    for (const { postId, tag } of await tagsOfPosts(ctx.db, [...voices.keys()])) gatherings.tag.add(tag, voices.get(postId)!)
    for (const { id, html } of calm) for (const link of linksOf(html)) gatherings.link.add(link, voices.get(id)!)
    for (const { id, authorId, isDiscoverable, boostsCount, favouritesCount } of calm) {
      const warmth = 2 * boostsCount + favouritesCount
      if (isDiscoverable && boostsCount + favouritesCount >= peopleMin) liked.push({ id, authorId, warmth })
    }
    if (rows.length < postsPerRead) break
    before = rows.at(-1)!.id
  }
  const authors = new Set<number>()
  for (const { id, authorId } of liked.sort((a, b) => b.warmth - a.warmth).slice(0, candidatesMax)) {
    // One post of an author is enough, the warmest.
    if (authors.has(authorId)) continue
    authors.add(authorId)
    for (const voice of await readVoices(ctx.db, id)) if (voice.accountId !== authorId) gatherings.post.add(String(id), voice)
  }
  const top = (kind: TrendKind) => gatherings[kind].top(now, keptOfKind)
  return { tag: top('tag'), link: top('link'), post: top('post') }
}

/** What a moderator approved and its author changed since waits for a word once more. */
async function askAgain(tx: Tx): Promise<void> {
  const isChanged = isThere(
    sql`from ${posts} changed where cast(changed.id as text) = ${trends.key} and changed.edited_at > ${trends.decidedAt}`
  )
  await tx
    .update(trends)
    .set({ isApproved: null, decidedAt: null, decidedBy: null })
    .where(and(eq(trends.kind, 'post'), eq(trends.isApproved, true), isChanged))
}

async function write(tx: Tx, kind: TrendKind, found: readonly Gathered[]): Promise<void> {
  for (const { key, ...figures } of found) {
    const seen = { ...figures, seenAt: tx.now }
    await tx
      .insert(trends)
      .values({ kind, key, firstAt: tx.now, ...seen })
      .onConflictDoUpdate({ target: [trends.kind, trends.key], set: seen })
  }
  await tx
    .update(trends)
    .set({ score: 0 })
    .where(and(eq(trends.kind, kind), ne(trends.score, 0), sql`${trends.seenAt} < ${tx.now}`))
}
