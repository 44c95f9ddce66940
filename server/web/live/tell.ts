import { setImmediate as turn } from 'node:timers/promises'
import type { Context } from '#server/context.ts'
import { sessionsThatLast } from '#server/sign-in/find-session.ts'
import type { Connections } from '#server/web/live/connections.ts'
import { liveStateOf } from '#server/web/live/state.ts'

/** How often we look whether anything was committed, here or in another process. */
const lookMs = 1_000
/** Between two rounds lies nine times what the last one took: telling people takes a tenth of the process, however many listen. */
const pauseTimes = 9
/** Things happen by the clock alone too (a session or a mute ends): a round at least this often. */
const roundMs = 30_000
const beatMs = 20_000
const sessionsPerQuery = 500

export interface Telling {
  /** Looks while somebody listens, and not otherwise. */
  adjust(): void
  stop(): void
}

/**
 * Tells whoever listens what changed. It hears of changes by the database's own mark, which costs the writers nothing and knows of other
 * processes; a signal for each post would make each of them wait for the others on PostgreSQL.
 */
export function createTelling(ctx: Context, connections: Connections): Telling {
  let timer: NodeJS.Timeout | undefined
  let isLooking = false
  let mark: string | undefined
  let owed = false
  let roundEndedAt = 0
  let roundTookMs = 0
  let beatAt = performance.now()

  async function look(): Promise<void> {
    const now = performance.now()
    if (now - beatAt >= beatMs) {
      beatAt = now
      connections.beat()
    }
    const marked = await ctx.database.mark()
    const isLate = now - roundEndedAt >= roundMs
    if (marked === mark && !owed && !isLate) return
    if (marked !== mark || isLate) await endSessionsThatEnded()
    mark = marked
    owed = now - roundEndedAt < roundTookMs * pauseTimes
    if (owed) return
    for (const connection of [...connections.all]) {
      if (!connections.all.has(connection)) continue
      connections.say(connection, 'state', await liveStateOf(ctx, connection.who, connection.since))
      await turn()
    }
    roundEndedAt = performance.now()
    roundTookMs = roundEndedAt - now
  }

  /** Whoever signed out, was signed out or suspended hears nothing more, however long a round takes. */
  async function endSessionsThatEnded(): Promise<void> {
    const open = [...connections.all]
    for (let at = 0; at < open.length; at += sessionsPerQuery) {
      const some = open.slice(at, at + sessionsPerQuery)
      const ids = some.map(({ sessionId }) => sessionId)
      const lasting = await sessionsThatLast(ctx.db, ids, ctx.clock.now())
      for (const connection of some) {
        const person = lasting.get(connection.sessionId)
        if (person) connection.who = { ...connection.who, ...person }
        else {
          connections.say(connection, 'end', {})
          connections.end(connection)
        }
      }
    }
  }

  function lookUnlessLooking(): void {
    if (isLooking) return
    isLooking = true
    look()
      .catch((error: unknown) => ctx.log.warn({ err: error }, 'whoever listens could not be told'))
      .finally(() => {
        isLooking = false
      })
  }

  return {
    adjust() {
      // Whoever has just come may have signed out since they were recognised.
      mark = undefined
      if (connections.all.size === 0) this.stop()
      else timer ??= setInterval(lookUnlessLooking, lookMs).unref()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
    }
  }
}
