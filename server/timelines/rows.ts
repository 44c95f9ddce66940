import type { Reader } from '#db/reader.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'
import type { FilledPage } from '#server/timelines/pages.ts'

/** Rows of a timeline, newest first, and from where older ones go on; without a cursor there are none. Show them through loadPosts. */
export interface TimelinePage {
  rows: PostRow[]
  olderCursor: number | undefined
  /** Rows above the page are newer than this; undefined on the newest, and where a list is only read downwards. */
  newerCursor?: number | undefined
}

/** The rows behind ids that were chosen under the viewer's rules, in their order. */
export async function rowsOf(db: Reader, { ids, olderCursor, newerCursor }: FilledPage): Promise<TimelinePage> {
  return { rows: await postsByIds(db, ids), olderCursor, newerCursor }
}
