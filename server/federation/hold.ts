import type { Context } from '#server/context.ts'
import type { Inbound } from '#server/federation/inbox/inbound.ts'
import type { NormalActivity } from '#server/federation/normal-form/types.ts'
import type { Incoming } from '#server/moderation/rules/judge.ts'
import { firstContact, isStranger, strangersSince } from '#server/peers/first-contact.ts'
import { hasRoomToHold, holdActivity } from '#server/peers/held-activities.ts'
import { hearFromHost } from '#server/peers/peer-health.ts'
import { noteReceipt } from '#server/peers/receipts.ts'

/** What a stranger may always say: answers, what takes something back, reports. */
const heldKinds: readonly Incoming['kind'][] = ['post', 'boost', 'favourite', 'follow']

/** Whether something is to be put by, since its server was met only lately and admins want to look first. */
export async function isToBeHeld(ctx: Context, kind: Incoming['kind'], { host }: Inbound): Promise<boolean> {
  if (!heldKinds.includes(kind)) return false
  const { mode } = await firstContact(ctx)
  return mode === 'hold' && isStranger(ctx.db, host, await strangersSince(ctx))
}

/** Largest activity that is put by: with the number of all that is, it bounds the room that strangers take. */
const heldBytesMax = 64 * 1_024

/** Puts an activity by, once. False when it is large, or too much of its host, or in all, is put by already. */
export async function hold(ctx: Context, { activity, actor, host, owner, signatureHash, body }: Inbound): Promise<boolean> {
  if ((body?.length ?? 0) > heldBytesMax || !(await hasRoomToHold(ctx.db, host))) return false
  await ctx.transact(async (tx) => {
    if (!(await noteReceipt(tx, signatureHash))) return
    await hearFromHost(tx, host)
    await holdActivity(tx, {
      host,
      actorId: actor.id,
      ownerId: owner?.id ?? null,
      type: activity.type,
      activity: storable(activity),
      signatureHash
    })
  })
  return true
}

/** What is embedded is kept as it came, but for what no database keeps: NUL, and halves of surrogate pairs. */
function storable(activity: NormalActivity): NormalActivity {
  return JSON.parse(JSON.stringify(activity), (key, value: unknown) => {
    if (!key.isWellFormed() || key.includes('\0')) return undefined
    return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value
  }) as NormalActivity
}
