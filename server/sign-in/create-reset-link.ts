import { and, eq, isNull } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { linkMs, storeToken } from '#server/sign-in/one-time-tokens.ts'

/**
 * A link with which somebody who cannot get mail sets a new password, for whoever hands it to them. It proves no mail address. Refuses
 * `missing` when nobody here has the name.
 */
export async function createResetLink(ctx: Context, who: Who, { name }: { name: string }): Promise<{ url: string; expiresAt: number }> {
  requireRole(who, 'owner')
  const token = ctx.random.token()
  return ctx.transact(async (tx) => {
    const [found] = await tx
      .select({ id: accounts.id, name: accounts.name })
      .from(users)
      .innerJoin(accounts, eq(accounts.id, users.accountId))
      .where(and(eq(accounts.nameKey, name.trim().replace(/^@/, '').toLowerCase()), isNull(accounts.deletedAt)))
    if (!found) throw new Refusal('missing', 'errors.noSuchAccount')
    await storeToken(tx, token, { purpose: 'reset-password', accountId: found.id, email: null })
    await recordAudit(tx, who, {
      act: 'password-link-made',
      targetKind: 'account',
      target: String(found.id),
      targetLabel: `@${found.name}`
    })
    return { url: `${ctx.config.origin}/password/${token}`, expiresAt: tx.now + linkMs['reset-password'] }
  })
}
