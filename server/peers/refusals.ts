import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { LRUCache } from 'lru-cache'
import type { Reader } from '#db/reader.ts'
import { peerRefusals } from '#db/schema/peers.ts'
import type { Context } from '#server/context.ts'
import { hasMet } from '#server/peers/first-contact.ts'
import { cleanName, withoutDirectionControls } from '#server/platform/clean-text.ts'

/** The same reason of one host is written down at most this often (ms), and so many reasons in a minute from all together. */
const sameMs = 60_000
const perMinuteMax = 60
/** The same of one host, so that no other goes unheard for it, and the reasons kept of one: the words in them are the other side's. */
const perHostMinuteMax = 10
const reasonsPerHostMax = 100
const rememberedMax = 5_000
const whyCharactersMax = 300
const keptMs = 30 * 24 * 60 * 60_000

export type PeerRefusal = typeof peerRefusals.$inferSelect

export interface Refused {
  host: string
  actorUri: string
  status: number
  why: string
}

/**
 * Notes why what came in the name of a server was refused, for servers that were met before. Anybody can claim a name, so that this says
 * what was tried, not who did. Cheap under a flood: what repeats is counted in memory and written once a minute.
 */
export function createRefusals(ctx: Pick<Context, 'db' | 'transact' | 'clock'>): (refused: Refused) => Promise<void> {
  const repeats = new LRUCache<string, { count: number; writtenAt: number }>({ max: rememberedMax })
  let minute = 0
  let written = 0
  const writtenOf = new Map<string, number>()

  return async ({ host, actorUri: said, status, why }) => {
    // Parts of it may be the other side's words.
    const reason = cleanName(why, whyCharactersMax)
    const actorUri = withoutDirectionControls(said)
    const now = ctx.clock.now()
    const key = `${host} ${reason}`
    const repeat = repeats.get(key) ?? { count: 0, writtenAt: 0 }
    repeat.count += 1
    repeats.set(key, repeat)
    if (now - repeat.writtenAt < sameMs) return
    if (Math.floor(now / sameMs) !== minute) {
      ;[minute, written] = [Math.floor(now / sameMs), 0]
      writtenOf.clear()
    }
    const ofHost = writtenOf.get(host) ?? 0
    if (written >= perMinuteMax || ofHost >= perHostMinuteMax || !(await hasMet(ctx.db, host))) return
    written += 1
    writtenOf.set(host, ofHost + 1)
    repeat.writtenAt = now
    const { count } = repeat
    repeat.count = 0
    await ctx.transact(async (tx) => {
      const isIt = and(eq(peerRefusals.host, host), eq(peerRefusals.why, reason))
      const isFull = (await tx.$count(peerRefusals, eq(peerRefusals.host, host))) >= reasonsPerHostMax
      if (isFull && (await tx.$count(peerRefusals, isIt)) === 0) return
      await tx
        .insert(peerRefusals)
        .values({ host, why: reason, status, actorUri, count, lastAt: tx.now })
        .onConflictDoUpdate({
          target: [peerRefusals.host, peerRefusals.why],
          set: { count: sql`${peerRefusals.count} + ${count}`, status, actorUri, lastAt: tx.now }
        })
    })
  }
}

/** Why requests in the name of a host were refused, the latest first; of one actor only when its id is given. */
export function listRefusals(db: Reader, host: string, limit: number, actorUri?: string): Promise<PeerRefusal[]> {
  return db
    .select()
    .from(peerRefusals)
    .where(and(eq(peerRefusals.host, host), actorUri === undefined ? undefined : eq(peerRefusals.actorUri, actorUri)))
    .orderBy(desc(peerRefusals.lastAt))
    .limit(limit)
}

/** Forgets refusals of a month ago. */
export async function sweepRefusals(ctx: Context): Promise<void> {
  await ctx.transact(async (tx) => {
    await tx.delete(peerRefusals).where(lt(peerRefusals.lastAt, tx.now - keptMs))
  })
}
