import process from 'node:process'
import { setImmediate as turn } from 'node:timers/promises'

/** Bodies that share one commit at most, and how long the first of them may be kept waiting for those that come after it. */
const bodiesMax = 32
const gatherMs = 20

/** The statements of the one connection that writes. */
export interface GroupConnection {
  begin(): Promise<void>
  run(statement: 'COMMIT' | 'ROLLBACK' | 'SAVEPOINT body' | 'RELEASE body' | 'ROLLBACK TO body'): void
  readonly isOpen: boolean
}

/** Work inside a transaction. It may run again when `isWorthAnotherTry`; `tries` is 1 at first. */
type Body<T> = (tries: number) => Promise<T>

interface Waiting {
  body: Body<unknown>
  answer: (outcome: Outcome) => void
}

type Outcome = { value: unknown } | { error: unknown }

export interface GroupCommit {
  /** Resolves once the commit that holds the body's work is on the disk; rejects with the body's error, or with the commit's. */
  run<T>(body: Body<T>): Promise<T>
  /** Resolves when nothing waits any more. */
  settled(): Promise<void>
}

/**
 * One transaction at a time, and one commit for all that come at once: a durable commit costs more than what most bodies write. Bodies run one after
 * another, each in a savepoint of its own, so that one that fails takes back its own work and nothing else, and sees what those before it wrote, as
 * it would have after their commit.
 *
 * Nobody is answered, neither with a value nor with the body's error, before the shared commit is on the disk. So a crash before it loses only what nobody
 * was told of, all of it together, and a crash after it loses nothing; there is no moment between, since the commit is one. When the commit itself fails,
 * or SQLite gives the transaction up underway (a full disk), every body in it has failed and is told so.
 */
export function createGroupCommit(connection: GroupConnection, isWorthAnotherTry: (error: unknown, tries: number) => boolean): GroupCommit {
  const waiting: Waiting[] = []
  let running: Promise<void> | undefined

  async function runAll(): Promise<void> {
    for (let first = waiting.shift(); first; first = waiting.shift()) await runGroup(first)
    running = undefined
  }

  async function runGroup(first: Waiting): Promise<void> {
    const group: { of: Waiting; outcome?: Outcome }[] = []
    try {
      await connection.begin()
      const gatherUntil = performance.now() + gatherMs
      for (let next: Waiting | undefined = first; next; next = await gather(group.length, gatherUntil)) {
        const place: (typeof group)[number] = { of: next }
        group.push(place)
        place.outcome = await runInSavepoint(next.body)
        if (!connection.isOpen) throw 'error' in place.outcome ? place.outcome.error : new Error('SQLite gave the transaction up.')
      }
      connection.run('COMMIT')
      for (const { of, outcome } of group) of.answer(outcome ?? { error: new Error('A body was never run.') })
    } catch (error) {
      rollBack()
      // Whoever was refused was refused for its own reasons; the others learn why nothing came of their work.
      if (group.length === 0) {
        // A lock that outlasted one wait would outlast the next: whoever waits behind is told now, and not after a wait of their own each.
        for (const each of [first, ...waiting.splice(0)]) each.answer({ error })
      }
      for (const { of, outcome } of group) of.answer(outcome && 'error' in outcome ? outcome : { error })
    }
  }

  /** A disk that is gone refuses even this; the transaction is over then, and the next to begin says what is wrong. */
  function rollBack(): void {
    try {
      if (connection.isOpen) connection.run('ROLLBACK')
    } catch (error) {
      process.emitWarning(error as Error)
    }
  }

  /** The next body that shares the commit: one that waits already, or that comes in the turn of the event loop that everybody else gets meanwhile. */
  async function gather(count: number, until: number): Promise<Waiting | undefined> {
    if (count >= bodiesMax || performance.now() >= until) return undefined
    if (waiting.length === 0) await turn()
    return waiting.shift()
  }

  async function runInSavepoint(body: Body<unknown>): Promise<Outcome> {
    for (let tries = 1; ; tries++) {
      try {
        connection.run('SAVEPOINT body')
        const value = await body(tries)
        connection.run('RELEASE body')
        return { value }
      } catch (error) {
        if (!connection.isOpen) return { error }
        connection.run('ROLLBACK TO body')
        connection.run('RELEASE body')
        if (!isWorthAnotherTry(error, tries)) return { error }
      }
    }
  }

  return {
    async run<T>(body: Body<T>): Promise<T> {
      const outcome = await new Promise<Outcome>((answer) => {
        waiting.push({ body, answer })
        running ??= runAll()
      })
      if ('error' in outcome) throw outcome.error
      return outcome.value as T
    },
    async settled() {
      while (running) await running
    }
  }
}
