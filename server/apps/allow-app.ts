import { eq } from 'drizzle-orm'
import { appCodes, apps } from '#db/schema/apps.ts'
import { sessions } from '#db/schema/sign-in.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Authorization } from '#server/apps/read-authorization.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { countAttempt } from '#server/sign-in/attempts.ts'
import { hashToken } from '#server/sign-in/find-session.ts'
import { lockUser } from '#server/sign-in/ways-in.ts'

const minuteMs = 60_000
/** From the browser back to the app, and from there to us (RFC 6749, section 4.1.2: ten minutes at most). */
const codeMs = 10 * minuteMs
/** What one person may allow. */
const codesPerPerson = { max: 100, windowMs: 60 * minuteMs }

/**
 * Somebody lets an app act for them: the code that it is to be handed, once, and that nobody else can use. Refusals: `too-many`; `unauthenticated` when their session
 * ended just now, as by a changed password, which takes back what apps were handed before and nothing after; `malformed` when the app was forgotten just now.
 */
export async function allowApp(
  ctx: Context,
  who: Person,
  { app, redirectUri, scopes, codeChallenge }: Pick<Authorization, 'app' | 'redirectUri' | 'scopes' | 'codeChallenge'>
): Promise<string> {
  const code = ctx.random.token()
  await ctx.transact(async (tx) => {
    await lockUser(tx, who.account.id)
    if (who.sessionId !== undefined && (await tx.$count(sessions, eq(sessions.id, who.sessionId))) === 0)
      throw new Refusal('unauthenticated', 'errors.text401')
    await countAttempt(tx, `codes of ${who.account.id}`, codesPerPerson)
    const known = await tx.update(apps).set({ allowedAt: tx.now }).where(eq(apps.id, app.id)).returning({ id: apps.id })
    if (known.length === 0) throw new Refusal('malformed', 'authorize.appUnknown')
    await tx.insert(appCodes).values({
      id: tx.newId(),
      codeHash: hashToken(code),
      appId: app.id,
      accountId: who.account.id,
      redirectUri,
      scopes,
      codeChallenge,
      createdAt: tx.now,
      expiresAt: tx.now + codeMs
    })
  })
  return code
}
