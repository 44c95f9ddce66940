export const directions = ['Skerry → snac', 'snac → Skerry', 'Skerry → robots', 'robots → Skerry'] as const
export type Direction = (typeof directions)[number]

/** The other server does not do this at all, whatever we send or wait for; the message says so. */
export class NotTheirs extends Error {}

interface Row {
  verb: string
  direction: Direction
  state: 'pass' | 'FAIL' | 'n/a'
  /** What went wrong, in full. */
  failure?: string
  note: string
}

const noteCharactersMax = 110

/** What was tried, verb by verb and each way. */
export interface Matrix {
  /** Does one thing and notes whether it worked; what it gives back, if a text, is a note. Neither a failure nor a NotTheirs ends the run. */
  check(verb: string, direction: Direction, work: () => Promise<unknown>): Promise<void>
  print(): void
  readonly failures: number
}

export function createMatrix(): Matrix {
  const rows: Row[] = []
  const count = (state: Row['state']) => rows.filter((row) => row.state === state).length
  return {
    async check(verb, direction, work) {
      const row = await outcomeOf(work)
      rows.push({ verb, direction, ...row })
      console.log(`${row.state.padEnd(4)}  ${direction}  ${verb}`)
    },
    print() {
      const verbs = [...new Set(rows.map((row) => row.verb))]
      const width = Math.max(...verbs.map((verb) => verb.length))
      const cell = (verb: string, direction: Direction) => {
        const row = rows.find((each) => each.verb === verb && each.direction === direction)
        return (row?.state ?? '–').padEnd(direction.length)
      }
      console.log(`\n${'verb'.padEnd(width)}  ${directions.join('  ')}  note`)
      for (const verb of verbs) {
        const notes = rows.filter((row) => row.verb === verb && row.note !== '').map((row) => row.note.slice(0, noteCharactersMax))
        console.log(
          `${verb.padEnd(width)}  ${directions.map((direction) => cell(verb, direction)).join('  ')}  ${notes.join('; ')}`.trimEnd()
        )
      }
      for (const { verb, direction, failure } of rows) if (failure) console.log(`\nFAIL ${verb} (${direction}): ${failure}`)
      console.log(`\n${count('pass')} work, ${count('FAIL')} fail, ${count('n/a')} are not done by the other server`)
    },
    get failures() {
      return count('FAIL')
    }
  }
}

async function outcomeOf(work: () => Promise<unknown>): Promise<Pick<Row, 'state' | 'failure' | 'note'>> {
  try {
    const note = await work()
    return { state: 'pass', note: typeof note === 'string' ? note : '' }
  } catch (error) {
    if (error instanceof NotTheirs) return { state: 'n/a', note: error.message }
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { state: 'FAIL', failure, note: failure.split('\n')[0]?.replace(/^(\w*Error): /, '') ?? '' }
  }
}
