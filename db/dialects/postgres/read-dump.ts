import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { SchemaError } from '#db/database.ts'
import { type DumpLine, dumpFormat } from '#db/dialects/postgres/dump.ts'

/** One step of a dump: a line that says what follows, or a row as the JSON it stands in. */
export type DumpStep = { line: DumpLine } | { row: string }

/** The steps of a dump in order. Throws SchemaError when the file is none, is damaged, or ends too early. */
export async function* readDump(file: string): AsyncGenerator<DumpStep> {
  let isFirst = true
  let isWhole = false
  let table = ''
  const counted: Record<string, number> = {}
  for await (const text of linesOf(file)) {
    if (text.startsWith('[')) {
      counted[table] = (counted[table] ?? 0) + 1
      yield { row: text }
      continue
    }
    const line = parseLine(text, file)
    if (isFirst && !('format' in line && line.format === dumpFormat)) throw damaged(file)
    isFirst = false
    if ('table' in line) counted[(table = `${line.table.schema}.${line.table.name}`)] = 0
    if ('end' in line) isWhole = Object.keys({ ...line.rows, ...counted }).every((name) => line.rows[name] === counted[name])
    yield { line }
  }
  if (!isWhole) throw damaged(file)
}

/** Lines end with a line feed alone: JSON texts may hold the other separators that Unicode knows. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file)
  const plain = createGunzip()
  source.on('error', (error) => plain.destroy(error))
  plain.setEncoding('utf8')
  let rest = ''
  try {
    for await (const piece of source.pipe(plain) as AsyncIterable<string>) {
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('Z_')) throw damaged(file)
    throw error
  } finally {
    source.destroy()
  }
  if (rest !== '') throw damaged(file)
}

function parseLine(text: string, file: string): DumpLine {
  try {
    return JSON.parse(text) as DumpLine
  } catch {
    throw damaged(file)
  }
}

function damaged(file: string): SchemaError {
  return new SchemaError(`The copy ${file} is damaged or cut short.`)
}
