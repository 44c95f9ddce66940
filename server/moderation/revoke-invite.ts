import { and, eq } from 'drizzle-orm'
import { invites } from '#db/schema/sign-in.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

/** Nobody can use the invitation any more; whoever has joined by it stays. Refuses `missing` when there is none that is open. */
export async function revokeInvite(ctx: Context, who: Who, { inviteId }: { inviteId: number }): Promise<void> {
  requireRole(who, 'moderator')
  await ctx.transact(async (tx) => {
    const [revoked] = await tx
      .update(invites)
      .set({ isRevoked: true })
      .where(and(eq(invites.id, inviteId), eq(invites.isRevoked, false)))
      .returning()
    if (!revoked) throw new Refusal('missing', 'errors.missing')
    await recordAudit(tx, who, {
      act: 'invite-revoked',
      targetKind: 'invite',
      target: String(inviteId),
      targetLabel: String(revoked.usesLeft)
    })
    await record(tx, 'invite-revoked', { inviteId })
  })
}
