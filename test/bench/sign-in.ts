import type { Context } from '#server/context.ts'
import { startSession } from '#server/sign-in/sessions.ts'

/** A `cookie` header with a new session of somebody's. */
export async function signedInCookie(ctx: Context, accountId: number): Promise<string> {
  const token = ctx.random.token()
  await ctx.transact((tx) => startSession(tx, accountId, token, { userAgent: 'bench', address: '127.0.0.1' }))
  return `__Host-session=${token}`
}
