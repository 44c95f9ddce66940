import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { heldActivities, type HeldWords } from '#db/schema/peers.ts'

/** Put by at once, for one host and for all together; what comes beyond is to come again later. */
const perHostMax = 200
const inAllMax = 20_000

/** An act by its id, or by its type and what it is on. */
interface NamedAct {
  uri: string | undefined
  type: string | undefined
  objectUri: string | undefined
}

export type HeldActivity = typeof heldActivities.$inferSelect

/** Whether there is room for one more of a host. */
export async function hasRoomToHold(db: Reader, host: string): Promise<boolean> {
  return (await db.$count(heldActivities, eq(heldActivities.host, host))) < perHostMax && (await db.$count(heldActivities)) < inAllMax
}

export async function holdActivity(tx: Tx, held: Omit<HeldActivity, 'id' | 'heldAt'>): Promise<void> {
  await tx.insert(heldActivities).values({ id: tx.newId(), ...held, heldAt: tx.now })
}

/** The oldest of a host. */
export async function heldOf(db: Reader, host: string, limit: number): Promise<HeldActivity[]> {
  return db.select().from(heldActivities).where(eq(heldActivities.host, host)).orderBy(asc(heldActivities.id)).limit(limit)
}

/** Hosts of which something is put by. */
export async function hostsHeld(db: Reader): Promise<string[]> {
  const rows = await db.selectDistinct({ host: heldActivities.host }).from(heldActivities)
  return rows.map(({ host }) => host)
}

export async function removeHeld(tx: Tx, id: number): Promise<void> {
  await tx.delete(heldActivities).where(eq(heldActivities.id, id))
}

/** Drops all that is put by of a host. How much it was. */
export async function dropHeld(tx: Tx, host: string): Promise<number> {
  return (await tx.delete(heldActivities).where(eq(heldActivities.host, host)).returning({ id: heldActivities.id })).length
}

/** An act of an account's that is taken back while it is put by: it is not taken in later. Named by its id, or by what it is and on what. */
export async function dropHeldAct(tx: Tx, { host, actorId, ...act }: NamedAct & { host: string; actorId: number }): Promise<void> {
  const rows = await tx
    .select({ id: heldActivities.id, activity: heldActivities.activity })
    .from(heldActivities)
    .where(and(eq(heldActivities.host, host), eq(heldActivities.actorId, actorId)))
  const ids = rows.filter(({ activity }) => isAct(activity, act)).map(({ id }) => id)
  if (ids.length > 0) await tx.delete(heldActivities).where(inArray(heldActivities.id, ids))
}

function isAct(activity: HeldWords, { uri, type, objectUri }: NamedAct): boolean {
  if (uri !== undefined && activity.id === uri) return true
  const [object] = activity.objects
  return objectUri !== undefined && activity.type === type && object?.id === objectUri
}
