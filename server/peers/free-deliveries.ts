import { isNotNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { deliveries } from '#db/schema/peers.ts'

/** Takes every delivery out of its worker's hands. Only for a process that knows itself to be the only one: all other workers are dead. */
export async function freeDeliveries(tx: Tx): Promise<void> {
  await tx.update(deliveries).set({ lockedUntil: null }).where(isNotNull(deliveries.lockedUntil))
}
