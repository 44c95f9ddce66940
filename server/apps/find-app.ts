import { timingSafeEqual } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { apps } from '#db/schema/apps.ts'
import { OauthRefusal } from '#server/apps/oauth-refusal.ts'
import type { Scope } from '#server/apps/scopes.ts'
import { hashToken } from '#server/sign-in/find-session.ts'

type Row = typeof apps.$inferSelect
export type App = Omit<Row, 'scopes'> & { scopes: Scope[] }

/** Ours are 32 characters; whatever is much longer was never given out. */
const clientIdCharactersMax = 100

export async function findApp(db: Reader, clientId: string): Promise<App | undefined> {
  if (clientId.length > clientIdCharactersMax) return undefined
  const [app] = await db.select().from(apps).where(eq(apps.clientId, clientId))
  return app && toApp(app)
}

/** A row's scopes were read by `readScopes` before they were written. */
export function toApp(row: Row): App {
  return { ...row, scopes: row.scopes as Scope[] }
}

/** What an app shows to prove that it is itself; undefined parts were not sent. */
export interface ClientProof {
  clientId: string | undefined
  clientSecret: string | undefined
}

/** The app that shows its id and its secret. Refuses `invalid_client`, with one answer for an unknown app and a wrong secret. */
export async function proveApp(db: Reader, { clientId, clientSecret }: ClientProof): Promise<App> {
  const app = clientId === undefined ? undefined : await findApp(db, clientId)
  if (!app || clientSecret === undefined || !isSame(hashToken(clientSecret), app.secretHash))
    throw new OauthRefusal('invalid_client', 'oauth.clientUnknown')
  return app
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
