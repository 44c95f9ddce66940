import type { ImportKind } from '#db/schema/imports.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { blockAccount } from '#server/follows/block-account.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { hideDomain } from '#server/follows/hide-domain.ts'
import { muteAccount } from '#server/follows/mute-account.ts'
import { createList } from '#server/lists/change-lists.ts'
import { listsOf } from '#server/lists/find-lists.ts'
import { addMember } from '#server/lists/list-members.ts'
import { bookmarkPost } from '#server/posts/bookmark-post.ts'
import type { ImportedRow } from '#server/imports/read-rows.ts'

/**
 * Does what one row says, as its person would do it by hand: their server is asked when nobody here knows them. Doing it twice changes nothing more. Refusals: those of
 * the act, and `missing` when nobody, or no post, is found under that name.
 */
export async function doRow(ctx: Context, who: Person, kind: ImportKind, { subject, choices }: ImportedRow): Promise<void> {
  if (kind === 'servers') {
    await hideDomain(ctx, who, { domain: subject })
    return
  }
  if (kind === 'bookmarks') {
    const found = /^https?:\/\//i.test(subject) ? await ctx.fediverse.resolve(subject, { viewerId: who.account.id }) : undefined
    if (found?.kind !== 'post') throw new Refusal('missing', 'import.noPost')
    await bookmarkPost(ctx, who, { postId: found.postId })
    return
  }
  const found = await ctx.fediverse.resolve(subject)
  if (found.kind !== 'account') throw new Refusal('missing', 'import.nobody')
  const { accountId } = found
  if (kind === 'follows') await followAccount(ctx, who, { accountId, ...pick(choices, ['showBoosts', 'notifies']) })
  else if (kind === 'blocks') await blockAccount(ctx, who, { accountId })
  else if (kind === 'mutes') await muteAccount(ctx, who, { accountId, ...pick(choices, ['hidesNotifications']) })
  else await addMember(ctx, who, { listId: await listCalled(ctx, who, choices.list ?? ''), accountId })
}

function pick<T extends object, K extends keyof T>(choices: T, names: readonly K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(names.filter((name) => choices[name] !== undefined).map((name) => [name, choices[name]])) as Partial<Pick<T, K>>
}

/** The list of that name, made when there is none. Rows of one import are done one after another, so that it is made once. */
async function listCalled(ctx: Context, who: Person, title: string): Promise<number> {
  const known = (await listsOf(ctx.db, who.account.id)).find((list) => list.title === title)
  return (known ?? (await createList(ctx, who, { title }))).id
}
