import { and, eq, isNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { users } from '#db/schema/sign-in.ts'
import { findAccountByHandle } from '#server/accounts/find-account.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { isHidden, isInstanceActor } from '#server/accounts/shown-account.ts'
import { type Account, type Person, requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkEachInTurn, Refusal } from '#server/errors.ts'
import { isBlocking } from '#server/follows/find-follow.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { cleanText, countCharacters, cutCharacters } from '#server/platform/clean-text.ts'
import { tagKey } from '#server/posts/find-mentions.ts'

export const startersMax = 12
export const startTagsMax = 12
export const welcomeCharactersMax = 500
const typedCharactersShown = 100

export interface Welcome {
  /** What an admin says to people who are new here; empty for nothing. */
  text: string
  /** Whom they may follow first: `@name` or `@name@host`. */
  handles: string[]
  /** Keys as of tagKey. */
  tags: string[]
}

export async function welcomeOf({ settings }: Pick<Context, 'settings'>): Promise<Welcome> {
  return (await settings.get()).welcome ?? { text: '', handles: [], tags: [] }
}

/**
 * An admin says what new people are shown first; handles and tags as typed, one a line. Handles that are not known here yet are looked up. Refusals: `forbidden`, and
 * `invalid` at `text`, `handles` or `tags` for what is too long, too many, or is nobody's.
 */
export async function changeWelcome(ctx: Context, who: Who, typed: { text: string; handles: string; tags: string }): Promise<void> {
  requireRole(who, 'admin')
  const welcome: Welcome = await checkEachInTurn({
    text: () => readText(typed.text),
    tags: () => readTags(typed.tags),
    handles: () => findHandles(ctx, typed.handles)
  })
  await ctx.transact(async (tx) => {
    await ctx.settings.change(tx, { welcome })
    await recordAudit(tx, who, { act: 'welcome-changed', targetKind: 'setting', target: 'welcome', targetLabel: 'welcome' })
  })
}

function readText(typed: string): string {
  const text = cleanText(typed).trim()
  if (countCharacters(text) > welcomeCharactersMax) throw new Refusal('invalid', 'form.tooLong', { limit: welcomeCharactersMax }, 'text')
  return text
}

function readTags(typed: string): string[] {
  const tags = [...new Set(wordsOf(typed).map(readTag))]
  if (tags.length > startTagsMax) throw new Refusal('invalid', 'form.tooMany', { limit: startTagsMax }, 'tags')
  return tags
}

async function findHandles(ctx: Context, typed: string): Promise<string[]> {
  const handles = wordsOf(typed)
  if (handles.length > startersMax) throw new Refusal('invalid', 'form.tooMany', { limit: startersMax }, 'handles')
  return [...new Set(await Promise.all(handles.map((handle) => lookUp(ctx, handle))))]
}

/** The people of the starter list whom somebody may follow, in its order: nobody hidden, moved away, or blocked in either direction, nor themselves. */
export async function findStarters(ctx: Pick<Context, 'db' | 'config' | 'settings'>, viewerId: number): Promise<Account[]> {
  const { handles } = await welcomeOf(ctx)
  const starters: Account[] = []
  for (const handle of handles) {
    const account = await findAccountByHandle(ctx.db, handle, ctx.config)
    if (account && account.id !== viewerId && (await mayMeet(ctx.db, viewerId, account))) starters.push(account)
  }
  return starters
}

/** Whether somebody has just come: follows nobody, and was not shown the first steps yet. Pure. */
export function isNewHere({ user, account }: Pick<Person, 'user' | 'account'>): boolean {
  return user.welcomedAt === null && account.followingCount === 0
}

/** They were shown the first steps, and are not led there again. */
export async function noteWelcomed(ctx: Context, { user }: Person): Promise<void> {
  if (user.welcomedAt !== null) return
  await ctx.transact(async (tx) => {
    await tx
      .update(users)
      .set({ welcomedAt: tx.now })
      .where(and(eq(users.accountId, user.accountId), isNull(users.welcomedAt)))
  })
}

async function mayMeet(db: Reader, viewerId: number, account: Account): Promise<boolean> {
  if (isHidden(account) || isInstanceActor(account) || account.movedToUri !== null) return false
  return !(await isBlocking(db, account.id, viewerId)) && !(await isBlocking(db, viewerId, account.id))
}

async function lookUp(ctx: Context, handle: string): Promise<string> {
  const found = await ctx.fediverse.resolve(handle)
  const account = found.kind === 'account' ? await findAccountByHandle(ctx.db, handle, ctx.config) : undefined
  if (account && !isHidden(account)) return handleOf(account)
  throw new Refusal('invalid', 'welcome.nobody', { handle: cutCharacters(handle, typedCharactersShown) }, 'handles')
}

function readTag(typed: string): string {
  const tag = tagKey(typed)
  if (tag === '') throw new Refusal('invalid', 'welcome.noTag', { tag: cutCharacters(typed, typedCharactersShown) }, 'tags')
  return tag
}

function wordsOf(typed: string): string[] {
  return typed.split(/[\s,]+/).filter((word) => word !== '')
}
