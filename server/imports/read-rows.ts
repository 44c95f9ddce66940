import { parse } from 'csv-parse/sync'
import type { ImportChoices, ImportKind } from '#db/schema/imports.ts'
import { Refusal } from '#server/errors.ts'
import { cleanName } from '#server/platform/clean-text.ts'

export const importKinds: readonly ImportKind[] = ['follows', 'lists', 'blocks', 'mutes', 'servers', 'bookmarks']
/** Rows of one import; a file of more is brought in parts. */
export const importRowsMax = 10_000
/** Bytes of one file or pasted text. */
export const importBytesMax = 1_000_000
const subjectCharactersMax = 500
const listTitleCharactersMax = 100
/** Columns of a row; what other servers may add behind theirs is passed over. */
const columnsMax = 20

export interface ImportedRow {
  subject: string
  choices: ImportChoices
}

/** First lines of the files that servers write, in lower case: they name columns. */
const headings = /^(?:account address|#?(?:account|handle|address|domain|url|uri|list name|username))$/

/**
 * What stands in a file of Mastodon's and its kin (comma-separated, with or without a first line that names columns), or in a plain list, one a line. Each row once. Of
 * `lists` the first column names the list. Refusals at `text`: `invalid` when there is nothing, what it is no table, or more than 10,000 rows. Pure.
 */
export function readRows(kind: ImportKind, text: string): ImportedRow[] {
  const table = readTable(text)
  const [first = []] = table
  const hasHeading = headings.test((first[0] ?? '').trim().toLowerCase())
  const names = hasHeading ? first.map((name) => name.trim().toLowerCase()) : []
  const rows = new Map<string, ImportedRow>()
  for (const cells of hasHeading ? table.slice(1) : table) {
    const row = readRow(kind, cells.slice(0, columnsMax), names)
    if (row) rows.set(`${row.choices.list ?? ''}\n${row.subject.toLowerCase()}`, row)
  }
  if (rows.size === 0) throw new Refusal('invalid', 'import.nothing', {}, 'text')
  if (rows.size > importRowsMax) throw new Refusal('invalid', 'import.tooMany', { limit: importRowsMax }, 'text')
  return [...rows.values()]
}

function readTable(text: string): string[][] {
  try {
    return parse(text, {
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
      // One more than is taken, so that a longer file is refused and not cut.
      to: importRowsMax + 2,
      max_record_size: 10_000
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_'))
      throw new Refusal('invalid', 'import.noTable', {}, 'text')
    throw error
  }
}

function readRow(kind: ImportKind, cells: readonly string[], names: readonly string[]): ImportedRow | undefined {
  const isOfList = kind === 'lists'
  const subject = cleanSubject(cells[isOfList ? 1 : 0] ?? '')
  if (subject === '') return undefined
  const said = (name: string): boolean | undefined => flagOf(cells[names.indexOf(name)])
  const choices: ImportChoices = {}
  if (kind === 'follows') {
    const showBoosts = said('show boosts')
    const notifies = said('notify on new posts')
    if (showBoosts !== undefined) choices.showBoosts = showBoosts
    if (notifies !== undefined) choices.notifies = notifies
  }
  if (kind === 'mutes') {
    const hides = said('hide notifications')
    if (hides !== undefined) choices.hidesNotifications = hides
  }
  if (isOfList) {
    const list = cleanName(cells[0] ?? '', listTitleCharactersMax)
    if (list === '') return undefined
    choices.list = list
  }
  return { subject, choices }
}

/** A spreadsheet's sign against formulas, and the one before a handle, belong to nobody's name. */
function cleanSubject(cell: string): string {
  return cleanName(cell, subjectCharactersMax).replace(/^'/, '').replace(/^@/, '').trim()
}

function flagOf(cell: string | undefined): boolean | undefined {
  const said = cell?.trim().toLowerCase()
  return said === 'true' || said === '1' ? true : said === 'false' || said === '0' ? false : undefined
}
