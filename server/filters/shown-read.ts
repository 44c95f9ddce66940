import type { FilterPlace } from '#db/schema/filters.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { filtersOf } from '#server/filters/kept-filters.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'
import type { TimelineRead } from '#server/timelines/read-page.ts'

/**
 * A timeline without what somebody's filters hide in a place, for counting: the candidates stay, so that cursors and ends do too. As it was for whoever has no
 * filter that hides; only for others posts are read.
 */
export async function shownRead(
  ctx: Pick<Context, 'db' | 'clock'>,
  who: Person | undefined,
  read: TimelineRead,
  place: FilterPlace
): Promise<TimelineRead> {
  const filters = who && (await filtersOf(ctx.db, who))
  if (!filters?.mayHide(place, ctx.clock.now())) return read
  return async (direction, between, count) => {
    const candidates = await read(direction, between, count)
    const rows = await postsByIds(
      ctx.db,
      candidates.filter(({ isShown }) => isShown).map(({ id }) => id)
    )
    const shown = new Set((await applyFilters(ctx, who, await loadPosts(ctx.db, who!.account.id, rows), place)).map(({ row }) => row.id))
    return candidates.map((candidate) => ({ ...candidate, isShown: candidate.isShown && shown.has(candidate.id) }))
  }
}
