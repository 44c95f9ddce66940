export const directions = ['Skerry → snac', 'snac → Skerry'] as const
export type Direction = (typeof directions)[number]

interface Row {
  verb: string
  direction: Direction
  /** Undefined when it did what it should. */
  failure?: string
  note: string
}

const noteCharactersMax = 110

/** What was tried, verb by verb and each way. */
export interface Matrix {
  /** Does one thing and notes whether it worked; what it gives back, if a text, is a note. A failure does not end the run. */
  check(verb: string, direction: Direction, work: () => Promise<unknown>): Promise<void>
  print(): void
  readonly failures: number
}

export function createMatrix(): Matrix {
  const rows: Row[] = []
  const failures = () => rows.filter((row) => row.failure !== undefined)
  return {
    async check(verb, direction, work) {
      try {
        const note = await work()
        rows.push({ verb, direction, note: typeof note === 'string' ? note : '' })
      } catch (error) {
        const failure = error instanceof Error ? (error.stack ?? error.message) : String(error)
        rows.push({ verb, direction, failure, note: failure.split('\n')[0]?.replace(/^(\w*Error): /, '') ?? '' })
      }
      const { failure } = rows.at(-1) ?? {}
      console.log(`${failure === undefined ? 'ok  ' : 'FAIL'}  ${direction}  ${verb}`)
    },
    print() {
      const verbs = [...new Set(rows.map((row) => row.verb))]
      const width = Math.max(...verbs.map((verb) => verb.length))
      const cell = (verb: string, direction: Direction) => {
        const row = rows.find((each) => each.verb === verb && each.direction === direction)
        return (row === undefined ? '–' : row.failure === undefined ? 'pass' : 'FAIL').padEnd(direction.length)
      }
      console.log(`\n${'verb'.padEnd(width)}  ${directions.join('  ')}  note`)
      for (const verb of verbs) {
        const notes = rows.filter((row) => row.verb === verb && row.note !== '').map((row) => row.note.slice(0, noteCharactersMax))
        console.log(
          `${verb.padEnd(width)}  ${directions.map((direction) => cell(verb, direction)).join('  ')}  ${notes.join('; ')}`.trimEnd()
        )
      }
      for (const { verb, direction, failure } of failures()) console.log(`\nFAIL ${verb} (${direction}): ${failure}`)
      console.log(`\n${rows.length - failures().length} of ${rows.length} work`)
    },
    get failures() {
      return failures().length
    }
  }
}
