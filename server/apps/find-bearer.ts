import { eq, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { apps, appTokens } from '#db/schema/apps.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Person } from '#server/accounts/who.ts'
import { type App, toApp } from '#server/apps/find-app.ts'
import type { Scope } from '#server/apps/scopes.ts'
import type { Context } from '#server/context.ts'
import { hashToken } from '#server/sign-in/find-session.ts'

/** How old the note of when a token was last used may grow before it is written anew. */
const noteMs = 3_600_000

/** An app that acts: on whose behalf, and what it may do. */
export interface Bearer {
  tokenId: number
  app: App
  scopes: Scope[]
  /** Undefined where the app acts for itself. */
  who: Person | undefined
  lastUsedAt: number | null
}

/** Why a token that was given out opens nothing. */
export type Dead = 'revoked' | 'suspended'

const byToken = prepare((db: Reader) =>
  db
    .select({ token: appTokens, app: apps, user: users, account: accounts })
    .from(appTokens)
    .innerJoin(apps, eq(apps.id, appTokens.appId))
    .leftJoin(users, eq(users.accountId, appTokens.accountId))
    .leftJoin(accounts, eq(accounts.id, appTokens.accountId))
    .where(eq(appTokens.tokenHash, sql.placeholder('tokenHash')))
)

/** Who a token stands for, why it is dead, or undefined when it was never given out. While an account is suspended its tokens open nothing; they do again afterwards. */
export async function findBearer(db: Reader, given: string): Promise<Bearer | Dead | undefined> {
  const [found] = await byToken(db, { tokenHash: hashToken(given) })
  if (!found) return undefined
  const { token, app, user, account } = found
  if (token.revokedAt !== null) return 'revoked'
  const bearer = { tokenId: token.id, app: toApp(app), scopes: token.scopes as Scope[], lastUsedAt: token.lastUsedAt }
  if (token.accountId === null) return { ...bearer, who: undefined }
  if (!user || !account || account.suspendedAt !== null || account.deletedAt !== null) return 'suspended'
  return { ...bearer, who: { kind: 'account', account, user } }
}

/** Notes that a token is in use, once an hour at most; its person is seen with it. */
export async function noteUse(ctx: Context, { tokenId, lastUsedAt, who }: Bearer): Promise<void> {
  if (lastUsedAt !== null && ctx.clock.now() - lastUsedAt < noteMs) return
  await ctx.transact(async (tx) => {
    await tx.update(appTokens).set({ lastUsedAt: tx.now }).where(eq(appTokens.id, tokenId))
    if (who) await tx.update(users).set({ lastSeenAt: tx.now }).where(eq(users.accountId, who.account.id))
  })
}
