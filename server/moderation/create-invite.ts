import { invites } from '#db/schema/sign-in.ts'
import { requireRole, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal, refuseFields } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

const dayMs = 86_400_000
export const inviteUsesMax = 1_000
export const inviteDaysMax = 365

export type Invite = typeof invites.$inferSelect

/** Makes an invitation that so many people may use for so many days (null: until it is revoked). Refusals at `uses` and `days`. */
export async function createInvite(ctx: Context, who: Who, { uses, days }: { uses: number; days: number | null }): Promise<Invite> {
  requireRole(who, 'moderator')
  refuseFields([...beyond('uses', uses, inviteUsesMax), ...(days === null ? [] : beyond('days', days, inviteDaysMax))])
  const code = ctx.random.token()
  return ctx.transact(async (tx) => {
    const createdBy = who.kind === 'account' ? who.account.id : 0
    const expiresAt = days === null ? null : tx.now + days * dayMs
    const [invite] = await tx
      .insert(invites)
      .values({ id: tx.newId(), code, createdBy, usesLeft: uses, expiresAt, createdAt: tx.now })
      .returning()
    const target = String(invite!.id)
    await recordAudit(tx, who, { act: 'invite-created', targetKind: 'invite', target, targetLabel: String(uses), details: { uses, days } })
    await record(tx, 'invite-created', { inviteId: invite!.id })
    return invite!
  })
}

function beyond(field: string, value: number, max: number): Refusal[] {
  const isWithin = Number.isInteger(value) && value >= 1 && value <= max
  return isWithin ? [] : [new Refusal('invalid', 'errors.numberBetween', { min: 1, max }, field)]
}
