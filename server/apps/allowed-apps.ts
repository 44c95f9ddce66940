import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { apps, appTokens } from '#db/schema/apps.ts'
import type { Person } from '#server/accounts/who.ts'
import { type App, toApp } from '#server/apps/find-app.ts'
import { revokeTokens } from '#server/apps/revoke-tokens.ts'
import { type Scope, scopes } from '#server/apps/scopes.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'

/** Tokens looked at for one page; nobody has so many by hand. */
const tokensMax = 500

/** An app that may act for somebody, with all its tokens taken together. */
export interface AllowedApp {
  app: App
  /** Everything that one of its tokens may do. */
  scopes: Scope[]
  /** When it was first allowed, of what still holds. */
  allowedAt: number
  /** Null until it did something; else within the hour. */
  lastUsedAt: number | null
}

/** The apps that may act for somebody, the one allowed last first. */
export async function allowedApps(db: Reader, accountId: number): Promise<AllowedApp[]> {
  const rows = await db
    .select({ token: appTokens, app: apps })
    .from(appTokens)
    .innerJoin(apps, eq(apps.id, appTokens.appId))
    .where(and(eq(appTokens.accountId, accountId), isNull(appTokens.revokedAt)))
    .orderBy(desc(appTokens.id))
    .limit(tokensMax)
  return [...Map.groupBy(rows, ({ app }) => app.id).values()].map((ofApp) => {
    const granted = new Set(ofApp.flatMap(({ token }) => token.scopes))
    const used = ofApp.flatMap(({ token }) => token.lastUsedAt ?? [])
    return {
      app: toApp(ofApp[0]!.app),
      scopes: scopes.filter((scope) => granted.has(scope)),
      allowedAt: Math.min(...ofApp.map(({ token }) => token.createdAt)),
      lastUsedAt: used.length > 0 ? Math.max(...used) : null
    }
  })
}

/** Takes back what an app may do for somebody, at once. Refusal('missing') when it may do nothing. */
export async function removeApp(ctx: Context, who: Person, { appId }: { appId: number }): Promise<void> {
  const wasThere = await ctx.transact((tx) => revokeTokens(tx, who.account.id, appId))
  if (!wasThere) throw new Refusal('missing', 'errors.missing')
}

/** Takes back what all apps may do for somebody. */
export async function removeApps(ctx: Context, who: Person): Promise<void> {
  await ctx.transact((tx) => revokeTokens(tx, who.account.id))
}
