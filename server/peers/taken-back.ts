import { createHash } from 'node:crypto'
import { and, type AnyColumn, eq, gt, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { dialectOfProcess } from '#db/dialect.ts'
import { prepare, type Tx } from '#db/reader.ts'
import { takenBack } from '#db/schema/taken-back.ts'

/** An act that comes later than this after its Undo counts: peers send again what was lost within minutes, and people change their minds. */
const awaitedMs = 60 * 60_000
/** So long it is known of an act that it is over, and that an Undo of it concerns nothing newer. */
const pastMs = 24 * 60 * 60_000
/** Acts of one actor that are awaited at a time; an Undo of more is forgotten. */
const awaitedMax = 1_000
const sweptAtOnce = 5_000
/** A longer key is kept as its hash: PostgreSQL indexes no text of any length. */
const keyCharactersMax = 500

/** One act of somebody elsewhere, by its id, its parts, or both. */
export interface NamedAct {
  actorId: number
  uri?: string | undefined
  /** As `partsOf` gives it. */
  parts?: string | undefined
}

type Kind = 'Follow' | 'Like' | 'React' | 'Announce' | 'Block' | 'Pin'

/** Names an act by what it is and on what; of reactions the emoji belongs to it. Pure. */
export function partsOf(kind: Kind, objectUri: string, emoji = ''): string {
  return `${kind} ${objectUri}${emoji === '' ? '' : ` ${emoji}`}`
}

const statesOf = prepare((tx: Tx) =>
  tx
    .select({ key: takenBack.key, state: takenBack.state })
    .from(takenBack)
    .where(
      and(
        eq(takenBack.actorId, sql.placeholder('actorId')),
        inArray(takenBack.key, [sql.placeholder('uri'), sql.placeholder('parts')]),
        gt(takenBack.keptUntil, sql.placeholder('now'))
      )
    )
)

/**
 * Whether an act that comes now was taken back before it came, and so must do nothing, however often it is sent. One that was here, was taken back and comes
 * again does count: ids are used again (Misskey's Follow has the same one each time).
 */
export async function isTakenBack(tx: Tx, { actorId, uri, parts }: NamedAct): Promise<boolean> {
  const rows = await statesOf(tx, { actorId, uri: keyOf(uri), parts: keyOf(parts), now: tx.now })
  if (rows.length === 0) return false
  const isAwaited = (key: string | undefined) => key !== undefined && rows.some((row) => row.key === keyOf(key) && row.state === 'awaited')
  if (isAwaited(uri)) return true
  if (parts === undefined || !isAwaited(parts)) return false
  // This is the one that was meant: the next of its kind is another.
  if (uri !== undefined) {
    await tx.delete(takenBack).where(and(eq(takenBack.actorId, actorId), eq(takenBack.key, keyOf(parts))))
    await write(tx, actorId, uri, 'awaited')
  }
  return true
}

/** Whether an act of that id was here and is no more. To be asked before another is undone by its parts: that one was not meant. */
export async function isPast(tx: Tx, actorId: number, uri: string | undefined): Promise<boolean> {
  if (uri === undefined) return false
  const [row] = await statesOf(tx, { actorId, uri: keyOf(uri), parts: '', now: tx.now })
  return row?.state === 'past'
}

/**
 * Whether an act that came a while ago, and had to wait for something, was taken back since, before or after another copy of it had its effect. Named as
 * it may have been taken back.
 */
export async function wasUndoneMeanwhile(tx: Tx, { actorId, uri, parts }: NamedAct): Promise<boolean> {
  return (await statesOf(tx, { actorId, uri: keyOf(uri), parts: keyOf(parts), now: tx.now })).length > 0
}

/** An act is over: whoever says so again says nothing new. */
export async function notePast(tx: Tx, actorId: number, key: string | null | undefined): Promise<void> {
  if (key) await write(tx, actorId, key, 'past')
}

/** An act that is not here was taken back. It may be on its way, unless it is known to be over. */
export async function awaitAct(tx: Tx, actorId: number, key: string | undefined): Promise<void> {
  if (key === undefined) return
  const known = await statesOf(tx, { actorId, uri: keyOf(key), parts: '', now: tx.now })
  if (known.length > 0) return
  const awaited = and(eq(takenBack.actorId, actorId), gt(takenBack.keptUntil, tx.now), lt(takenBack.keptUntil, tx.now + awaitedMs + 1))
  if ((await tx.$count(takenBack, awaited)) < awaitedMax) await write(tx, actorId, key, 'awaited')
}

/** Forgets what is kept no longer, some at a time; how many it were. */
export async function sweepTakenBack(tx: Tx): Promise<number> {
  const old = tx
    .select({ end: takenBack.keptUntil })
    .from(takenBack)
    .where(lt(takenBack.keptUntil, tx.now))
    .orderBy(takenBack.keptUntil)
    .limit(sweptAtOnce)
  const gone = await tx.delete(takenBack).where(inArray(takenBack.keptUntil, old)).returning({ key: takenBack.key })
  return gone.length
}

async function write(tx: Tx, actorId: number, key: string, state: 'awaited' | 'past'): Promise<void> {
  const kept = { state, keptUntil: tx.now + (state === 'awaited' ? awaitedMs : pastMs) }
  await tx
    .insert(takenBack)
    .values({ actorId, key: keyOf(key), ...kept })
    .onConflictDoUpdate({ target: [takenBack.actorId, takenBack.key], set: kept })
}

function keyOf(name: string | undefined): string {
  if (name === undefined || name.length <= keyCharactersMax) return name ?? ''
  return createHash('sha256').update(name).digest('hex')
}

/** On PostgreSQL: waits until no other transaction takes in what this account says, and has the next one wait. */
export function takeTurn(accountId: number | AnyColumn): SQL {
  return sql`pg_advisory_xact_lock(-(${accountId})::bigint)`
}

/** The same for work that follows from what an account said; to be called before anything of it is read. */
export async function waitForTurn(tx: Tx, accountId: number): Promise<void> {
  if (dialectOfProcess() === 'postgres') await tx.rows(sql`select ${takeTurn(accountId)}`)
}
