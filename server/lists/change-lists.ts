import { and, eq, sql } from 'drizzle-orm'
import { lists, type RepliesPolicy } from '#db/schema/timelines.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { getList, type ListRow } from '#server/lists/find-lists.ts'
import { cleanName, countCharacters } from '#server/platform/clean-text.ts'

export const listsMax = 50
export const titleCharactersMax = 100

export interface ListInput {
  title: string
  repliesPolicy?: RepliesPolicy
  isExclusive?: boolean
}

/** Makes an empty list. Refusals: `invalid` at `title`, `conflict` beyond 50 lists. */
export async function createList(ctx: Context, who: Who, input: ListInput): Promise<ListRow> {
  requirePerson(who)
  const accountId = who.account.id
  const title = checkTitle(input.title)
  return ctx.transact(async (tx) => {
    const [row] = await tx
      .select({ count: sql`count(*)`.mapWith(Number) })
      .from(lists)
      .where(eq(lists.accountId, accountId))
    if (row!.count >= listsMax) throw new Refusal('conflict', 'errors.listTooMany', { limit: listsMax })
    const values = { id: tx.newId(), accountId, ...input, title, createdAt: tx.now }
    const [list] = await tx.insert(lists).values(values).returning()
    return list!
  })
}

/** Changes name and rules of a list of one's own. Refusals: `invalid` at `title`, `missing`. */
export async function changeList(ctx: Context, who: Who, { listId, ...input }: ListInput & { listId: number }): Promise<void> {
  requirePerson(who)
  const title = checkTitle(input.title)
  await ctx.transact(async (tx) => {
    await getList(tx, who.account.id, listId)
    await tx
      .update(lists)
      .set({ ...input, title })
      .where(eq(lists.id, listId))
  })
}

/** Takes a list of one's own away, with its members' places in it; whoever stood in it is followed as before. Refusal `missing`. */
export async function deleteList(ctx: Context, who: Who, { listId }: { listId: number }): Promise<void> {
  requirePerson(who)
  await ctx.transact(async (tx) => {
    await getList(tx, who.account.id, listId)
    await tx.delete(lists).where(and(eq(lists.id, listId), eq(lists.accountId, who.account.id)))
  })
}

function checkTitle(typed: string): string {
  if (countCharacters(typed.trim()) > titleCharactersMax)
    throw new Refusal('invalid', 'errors.listTitleTooLong', { limit: titleCharactersMax }, 'title')
  const title = cleanName(typed, titleCharactersMax)
  if (title === '') throw new Refusal('invalid', 'form.required', {}, 'title')
  return title
}
