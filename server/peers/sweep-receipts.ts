import { inArray, lt } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { tombstones } from '#db/schema/peers.ts'
import type { Context } from '#server/context.ts'
import { forgetReceipts } from '#server/peers/receipts.ts'
import { sweepTakenBack } from '#server/peers/taken-back.ts'

const hourMs = 3_600_000
/** A Create that comes later than this after its Delete is not on its way any more: peers keep a delivery for days. */
const tombstoneKeptMs = 60 * 24 * hourMs
const sweptAtOnce = 5_000

/** By the clock: forgets signatures that cannot be replayed any more, and deletes and undone acts that nothing can overtake. */
export async function sweepReceipts(ctx: Context): Promise<void> {
  while ((await ctx.transact(forgetReceipts)) > 0);
  while ((await ctx.transact(sweepTombstones)) > 0);
  while ((await ctx.transact(sweepTakenBack)) > 0);
}

async function sweepTombstones(tx: Tx): Promise<number> {
  const old = tx
    .select({ uri: tombstones.uri })
    .from(tombstones)
    .where(lt(tombstones.deletedAt, tx.now - tombstoneKeptMs))
    .limit(sweptAtOnce)
  const gone = await tx.delete(tombstones).where(inArray(tombstones.uri, old)).returning({ uri: tombstones.uri })
  return gone.length
}
