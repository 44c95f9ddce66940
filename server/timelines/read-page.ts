import type { Reader } from '#db/reader.ts'
import type { Direction } from '#server/timelines/candidates.ts'
import { boundsOf, type Candidate, endOfIds, type FilledPage, fillPage, fillUpwards, type Page, pageRows } from '#server/timelines/pages.ts'
import { rowsOf, type TimelinePage } from '#server/timelines/rows.ts'

/**
 * One timeline as somebody reads it, in either direction: up to `count` candidates between two cursors (both left out), the newest first on the way to older
 * ones, the oldest first on the way to newer ones. Fewer say that there are no more.
 */
export type TimelineRead = (direction: Direction, between: { before: number; after: number }, count: number) => Promise<Candidate[]>

/** So many new posts are counted; beyond them there are simply more. */
export const newerMax = pageRows

/** The page of a timeline that was asked for. */
export async function readTimeline(db: Reader, read: TimelineRead, page: Page = {}): Promise<TimelinePage> {
  return rowsOf(db, await readPage(read, page))
}

async function readPage(read: TimelineRead, page: Page): Promise<FilledPage> {
  const bounds = boundsOf(page)
  if (page.aroundId !== undefined) return readAround(read, page.aroundId, bounds.rows)
  if (page.newerThanId !== undefined) return readAbove(read, page.newerThanId, bounds.rows)
  const filled = await fillPage(bounds, (before, count) => read('older', { before, after: bounds.after }, count))
  return { ...filled, newerCursor: page.beforeId === undefined ? undefined : page.beforeId - 1 }
}

async function readAbove(read: TimelineRead, afterId: number, rows: number): Promise<FilledPage> {
  const filled = await fillUpwards({ after: afterId, rows }, (after, count) => read('newer', { before: endOfIds, after }, count))
  return { ...filled, olderCursor: afterId > 0 ? afterId + 1 : undefined }
}

async function readAround(read: TimelineRead, id: number, rows: number): Promise<FilledPage> {
  const half = Math.ceil(rows / 2)
  const [above, below] = await Promise.all([
    readAbove(read, id, half),
    fillPage({ before: id + 1, after: 0, rows: half }, (before, count) => read('older', { before, after: 0 }, count))
  ])
  return { ids: [...above.ids, ...below.ids], olderCursor: below.olderCursor, newerCursor: above.newerCursor }
}

/** Ids of the newest posts of a timeline that are newer than an id, the newest first. Reads no post. */
export async function newestIds(read: TimelineRead, sinceId: number, rows: number): Promise<number[]> {
  const bounds = boundsOf({ afterId: sinceId, limit: rows })
  const { ids } = await fillPage(bounds, (before, count) => read('older', { before, after: bounds.after }, count))
  return ids
}

/** How many posts of a timeline are newer than an id; one above `newerMax` means more than that. Costs what the ids of one page cost. */
export async function countNewer(read: TimelineRead, sinceId: number): Promise<number> {
  const { ids, newerCursor } = await readAbove(read, sinceId, newerMax)
  return newerCursor === undefined ? ids.length : newerMax + 1
}
