import { eq } from 'drizzle-orm'
import { appTokens } from '#db/schema/apps.ts'
import { type ClientProof, proveApp } from '#server/apps/find-app.ts'
import { OauthRefusal } from '#server/apps/oauth-refusal.ts'
import type { Context } from '#server/context.ts'
import { hashToken } from '#server/sign-in/find-session.ts'

/** An app gives a token back (RFC 7009): an unknown one is none already. Refuses `invalid_client`, `invalid_request`, and `unauthorized_client` for another app's. */
export async function giveBackToken(ctx: Context, { token, ...proof }: ClientProof & { token: string | undefined }): Promise<void> {
  const app = await proveApp(ctx.db, proof)
  if (token === undefined) throw new OauthRefusal('invalid_request', 'oauth.tokenMissing')
  await ctx.transact(async (tx) => {
    const [found] = await tx
      .select()
      .from(appTokens)
      .where(eq(appTokens.tokenHash, hashToken(token)))
    if (!found || found.revokedAt !== null) return
    if (found.appId !== app.id) throw new OauthRefusal('unauthorized_client', 'oauth.tokenForeign')
    await tx.update(appTokens).set({ revokedAt: tx.now }).where(eq(appTokens.id, found.id))
  })
}
