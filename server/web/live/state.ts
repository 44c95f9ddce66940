import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { countUnread } from '#server/notifications/count-unread.ts'
import { home } from '#server/timelines/home.ts'

/** Beyond so many new posts a page says "40 or more". */
const newerMax = 40

/** What a page is told while it is open: which posts of home are newer than what it shows, by id and no more, and how much is unread. */
export interface LiveState {
  newer: number[]
  /** 100 means that many or more. */
  unread: number
}

/** `since` is the newest post of home that a page shows; 0 for pages that show none, which are told of none. */
export async function liveStateOf(ctx: Context, who: Person, since: number): Promise<LiveState> {
  const { rows } = since === 0 ? { rows: [] } : await home(ctx, who.account.id, { afterId: since, limit: newerMax })
  return { newer: rows.map(({ id }) => id), unread: await countUnread(ctx, who) }
}
