import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { countUnread } from '#server/notifications/count-unread.ts'
import { shownRead } from '#server/filters/shown-read.ts'
import { homeRead } from '#server/timelines/home.ts'
import { newestIds } from '#server/timelines/read-page.ts'

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
  return { newer: since === 0 ? [] : await newerOfHome(ctx, who, since), unread: await countUnread(ctx, who) }
}

/** Ids alone: posts are read only for people who have filters that hide any. */
async function newerOfHome(ctx: Context, who: Person, since: number): Promise<number[]> {
  const read = await shownRead(ctx, who, await homeRead(ctx, who.account.id), 'home')
  return newestIds(read, since, newerMax)
}
