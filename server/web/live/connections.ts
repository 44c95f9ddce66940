import { Readable } from 'node:stream'
import type { Person } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'
import type { Random } from '#server/platform/random.ts'

/** Browsers of one person that listen at once (a browser listens once, whatever the number of its tabs), and of all in this process. */
const perPersonMax = 8
const inAllMax = 2_000
/** A browser that takes nothing any more is let go once so much waits for it. */
const waitingBytesMax = 64 * 1024
/** A browser that was cut off comes back after so long, not all of them at one moment (ms). */
const retryMs = { least: 3_000, spread: 4_000 }

/** A browser that listens. */
export interface Connection {
  readonly sessionId: number
  /** As of when the session was last looked at. */
  who: Person
  /** The newest post of home that its pages show; 0 when none of them shows home. */
  readonly since: number
  readonly stream: Readable
  /** What was sent last, so that nothing is said twice. */
  said: string
}

export interface Connections {
  readonly all: ReadonlySet<Connection>
  /** Refusal('too-many') when too many listen. */
  open(who: Person, sessionId: number, since: number): Connection
  /** Sends an event unless it is what was sent last. */
  say(connection: Connection, event: 'state' | 'end', value: unknown): void
  /** A comment, so that whatever stands between does not take the silence for an end. */
  beat(): void
  end(connection: Connection): void
}

/** Streams of server-sent events (HTML, section 9.2), bounded in number and in what waits in each. */
export function createConnections(random: Random, onChange: () => void): Connections {
  const all = new Set<Connection>()

  function end(connection: Connection): void {
    if (!all.delete(connection)) return
    connection.stream.push(null)
    onChange()
  }

  function write(connection: Connection, text: string): void {
    if (connection.stream.readableLength > waitingBytesMax) connection.stream.destroy()
    else connection.stream.push(text)
  }

  return {
    all,
    open(who, sessionId, since) {
      const own = [...all].filter((each) => each.who.account.id === who.account.id)
      if (own.length >= perPersonMax || all.size >= inAllMax) throw new Refusal('too-many', 'errors.busy', { retryAfterMs: 60_000 })
      const connection: Connection = { sessionId, who, since, stream: new Readable({ read() {} }), said: '' }
      connection.stream.once('close', () => {
        all.delete(connection)
        onChange()
      })
      all.add(connection)
      write(connection, `retry: ${retryMs.least + random.below(retryMs.spread)}\n\n`)
      onChange()
      return connection
    },
    say(connection, event, value) {
      const text = `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`
      if (text === connection.said) return
      connection.said = text
      write(connection, text)
    },
    beat() {
      for (const connection of all) write(connection, ':\n\n')
    },
    end
  }
}
