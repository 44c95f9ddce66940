import { inArray, lt, sql } from 'drizzle-orm'
import { countWritten } from '#db/count-written.ts'
import { prepare, type Tx } from '#db/reader.ts'
import { receipts } from '#db/schema/peers.ts'

/** Twice the window in which a signature is taken: a signer's clock may be ahead by as much as another's is behind. */
export const receiptKeptMs = 25 * 60 * 60_000
const sweptAtOnce = 5_000

const insertReceipt = prepare((tx: Tx) =>
  tx
    .insert(receipts)
    .values({ signatureHash: sql.placeholder('hash'), receivedAt: sql.placeholder('now') })
    .onConflictDoNothing()
)

/** Notes a signature in the transaction of its effect; false when it was acted on before, and then nothing may happen. */
export async function noteReceipt(tx: Tx, signatureHash: string): Promise<boolean> {
  return countWritten(await insertReceipt(tx, { hash: signatureHash, now: tx.now })) > 0
}

/** Forgets signatures that could not be sent again, some at a time; how many it were. */
export async function forgetReceipts(tx: Tx): Promise<number> {
  const old = tx
    .select({ hash: receipts.signatureHash })
    .from(receipts)
    .where(lt(receipts.receivedAt, tx.now - receiptKeptMs))
    .limit(sweptAtOnce)
  const gone = await tx.delete(receipts).where(inArray(receipts.signatureHash, old)).returning({ hash: receipts.signatureHash })
  return gone.length
}
