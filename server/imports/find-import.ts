import { and, asc, count, desc, eq, gt } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { imports, importRows } from '#db/schema/imports.ts'
import { Refusal } from '#server/errors.ts'

export type ImportRow = typeof imports.$inferSelect
export type ImportLine = typeof importRows.$inferSelect

export interface ImportProgress {
  waiting: number
  done: number
  failed: number
}

const listedMax = 20
export const linesPerPage = 100

/** An import of one's own; Refusal('missing') for anybody else's. */
export async function getImport(db: Reader, accountId: number, id: number): Promise<ImportRow> {
  const [row] = await db
    .select()
    .from(imports)
    .where(and(eq(imports.id, id), eq(imports.accountId, accountId)))
  if (!row) throw new Refusal('missing', 'errors.missing')
  return row
}

/** One's own imports, the latest first, 20 at most. */
export function listImports(db: Reader, accountId: number): Promise<ImportRow[]> {
  return db.select().from(imports).where(eq(imports.accountId, accountId)).orderBy(desc(imports.id)).limit(listedMax)
}

export async function progressOf(db: Reader, importId: number): Promise<ImportProgress> {
  const rows = await db
    .select({ state: importRows.state, count: count() })
    .from(importRows)
    .where(eq(importRows.importId, importId))
    .groupBy(importRows.state)
  const of = (state: ImportLine['state']) => Number(rows.find((row) => row.state === state)?.count ?? 0)
  return { waiting: of('waiting'), done: of('done'), failed: of('failed') }
}

/** What failed, in the order of the file, a hundred a page: those after an id. */
export function failedLines(db: Reader, importId: number, afterId: number): Promise<ImportLine[]> {
  return db
    .select()
    .from(importRows)
    .where(and(eq(importRows.importId, importId), eq(importRows.state, 'failed'), gt(importRows.id, afterId)))
    .orderBy(asc(importRows.id))
    .limit(linesPerPage)
}
