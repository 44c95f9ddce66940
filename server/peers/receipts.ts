import { and, eq, gte, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { countWritten } from '#db/count-written.ts'
import { prepare, type Tx } from '#db/reader.ts'
import { receipts } from '#db/schema/peers.ts'

/** Twice the window in which a signature is taken, since it was made: a signer's clock may be ahead by as much as another's is behind. */
export const receiptKeptMs = 25 * 60 * 60_000
const sweptAtOnce = 5_000

const insertReceipt = prepare((tx: Tx) =>
  tx
    .insert(receipts)
    .values({ signatureHash: sql.placeholder('hash'), receivedAt: sql.placeholder('now') })
    .onConflictDoNothing()
)

const secondsDigits = 9
/** What is noted begins with a letter behind f; receipts were kept under the hash alone once. */
const keptNow = /^(?:t[0-9a-z]+|proof|relayed) ([0-9a-f]{64})$/
const beginsFormer = 'g'
const former = prepare((tx: Tx) =>
  tx
    .select({ hash: receipts.signatureHash })
    .from(receipts)
    .where(eq(receipts.signatureHash, sql.placeholder('hash')))
)
const firstFormer = prepare((tx: Tx) =>
  tx.select({ hash: receipts.signatureHash }).from(receipts).where(lt(receipts.signatureHash, beginsFormer)).limit(1)
)
/** Databases that had no receipt of that kind when they were asked; they get no more. */
const haveNoFormer = new WeakSet<object>()

/** A hash behind the second of a moment (ms since 1970), in the order of time. */
export function timedHash(hash: string, at: number): string {
  return `t${Math.floor(at / 1_000)
    .toString(36)
    .padStart(secondsDigits, '0')} ${hash}`
}

/** Notes a signature, or what else is acted on once (`proof …`, `relayed …`), in the transaction of its effect; false when it was acted on before, and then nothing may happen. */
export async function noteReceipt(tx: Tx, key: string): Promise<boolean> {
  if (!haveNoFormer.has(tx.connection) && (await isFormer(tx, key))) return false
  return countWritten(await insertReceipt(tx, { hash: key, now: tx.now })) > 0
}

/** Whether an earlier version acted on it, which is asked for a day after it gave way to this one. */
async function isFormer(tx: Tx, key: string): Promise<boolean> {
  const hash = keptNow.exec(key)?.[1]
  if (hash === undefined) return false
  if ((await firstFormer(tx, {})).length === 0) {
    haveNoFormer.add(tx.connection)
    return false
  }
  return (await former(tx, { hash })).length > 0
}

/**
 * Forgets signatures that could not be sent again, some at a time; how many it were. Each of the two ranges is found by the key: those that say when they were signed, and
 * the few that are known by their hash alone.
 */
export async function forgetReceipts(tx: Tx): Promise<number> {
  const before = tx.now - receiptKeptMs
  const signed = and(gte(receipts.signatureHash, 't'), lt(receipts.signatureHash, timedHash('', before)))
  const others = and(lt(receipts.signatureHash, 't'), lt(receipts.receivedAt, before))
  return (await forget(tx, signed)) + (await forget(tx, others))
}

async function forget(tx: Tx, which: SQL | undefined): Promise<number> {
  const old = tx.select({ hash: receipts.signatureHash }).from(receipts).where(which).limit(sweptAtOnce)
  const gone = await tx.delete(receipts).where(inArray(receipts.signatureHash, old)).returning({ hash: receipts.signatureHash })
  return gone.length
}
