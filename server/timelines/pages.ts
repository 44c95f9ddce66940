import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { readId } from '#server/platform/ids.ts'

export const pageRows = 40
const pageRowsMax = 40
/** Above every id: ids are 53-bit integers. */
export const endOfIds = Number.MAX_SAFE_INTEGER

/** What a query that knows the hour needs of the Context. */
export type Reading = Pick<Context, 'db' | 'clock'>

/**
 * A page asked for, always newest first, of 40 rows unless fewer are asked for: rows older than `beforeId` and newer than `afterId`; or those just above
 * `newerThanId`, so that nothing between them and it is skipped; or those above and below `aroundId`.
 */
export interface Page {
  beforeId?: number | undefined
  afterId?: number | undefined
  newerThanId?: number | undefined
  aroundId?: number | undefined
  limit?: number | undefined
}

export interface Bounds {
  before: number
  after: number
  rows: number
}

/** One row of a list before the rules that hide were applied, in the order of its cursor. */
export interface Candidate {
  /** What the cursor counts in: the post's or boost's id, or the id of the bookmark that holds it. */
  cursor: number
  /** Row of posts. */
  id: number
  boostOfId: number | null
  isShown: boolean
}

export type Read = (before: number, count: number) => Promise<Candidate[]>

/** Ids to show, newest first, and from where the next page goes on; without a cursor there is nothing older. */
export interface FilledPage {
  ids: number[]
  olderCursor: number | undefined
  /** Rows above the page are newer than this; undefined when it is the newest, or its list is only read downwards. */
  newerCursor?: number | undefined
}

/** How often a page looks further when the rules hid what it found; then it stays short and still has "older". */
const roundsMax = 5

/** A page's bounds with its limit clamped. */
export function boundsOf({ beforeId, afterId, limit }: Page): Bounds {
  const rows = limit === undefined || !Number.isFinite(limit) ? pageRows : Math.min(Math.max(Math.trunc(limit), 1), pageRowsMax)
  return { before: beforeId ?? endOfIds, after: afterId ?? 0, rows }
}

/** A cursor out of an address. Refusal('invalid') when it is no id; undefined when there is none. */
export function cursorOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const id = readId(text)
  if (id === undefined) throw new Refusal('invalid', 'errors.cursorInvalid', {}, 'cursor')
  return id
}

/**
 * Fills a page out of candidates, newest first: what the rules hide is left out, a post and its boosts show once. The cursor is the last
 * candidate looked at, so a page that stays short still leads on to older ones. `read` gives up to `count` candidates below `before`; fewer say
 * that there are no more.
 */
export async function fillPage({ before, rows }: Bounds, read: Read): Promise<FilledPage> {
  const ids: number[] = []
  const shown = new Set<number>()
  const count = rows + 5
  let cursor = before
  for (let round = 1; round <= roundsMax; round++) {
    const candidates = await read(cursor, count)
    for (const [at, candidate] of candidates.entries()) {
      cursor = candidate.cursor
      const postId = candidate.boostOfId ?? candidate.id
      if (!candidate.isShown || shown.has(postId)) continue
      shown.add(postId)
      ids.push(candidate.id)
      const isLast = at === candidates.length - 1 && candidates.length < count
      if (ids.length === rows) return { ids, olderCursor: isLast ? undefined : cursor }
    }
    if (candidates.length < count) return { ids, olderCursor: undefined }
  }
  return { ids, olderCursor: cursor }
}

/**
 * The same from a place up: the rows just above `after`, given newest first all the same. Of a post and its boosts the newest shows, as it does on the way
 * down. `read` gives up to `count` candidates above `after`, the oldest first.
 */
export async function fillUpwards(
  { after, rows }: Pick<Bounds, 'after' | 'rows'>,
  read: (after: number, count: number) => Promise<Candidate[]>
): Promise<{ ids: number[]; newerCursor: number | undefined }> {
  const shown = new Map<number, number>()
  const page = (newerCursor: number | undefined) => ({ ids: [...shown.values()].sort((a, b) => b - a), newerCursor })
  const count = rows + 5
  let cursor = after
  for (let round = 1; round <= roundsMax; round++) {
    const candidates = await read(cursor, count)
    for (const [at, candidate] of candidates.entries()) {
      const postId = candidate.boostOfId ?? candidate.id
      if (candidate.isShown && shown.size === rows && !shown.has(postId)) return page(cursor)
      cursor = candidate.cursor
      if (candidate.isShown) shown.set(postId, candidate.id)
      if (at === candidates.length - 1 && candidates.length < count) return page(undefined)
    }
    if (candidates.length < count) return page(undefined)
  }
  return page(cursor)
}
