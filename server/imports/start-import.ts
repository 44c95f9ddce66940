import { and, asc, count, eq, inArray, isNull, lt } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { imports, importRows, type ImportKind } from '#db/schema/imports.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { getImport } from '#server/imports/find-import.ts'
import { importBytesMax, type ImportedRow, readRows } from '#server/imports/read-rows.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { requireActive } from '#server/posts/authors.ts'

export const importKind = 'work-import'
/** Imports of one person that are not at their end; more would only wait. */
const runningMax = 5
const rowsAtOnce = 500
const dayMs = 24 * 60 * 60_000
/** How an import went can be looked up so long after its end. */
const keptMs = 90 * dayMs
const sweptAtOnce = 20

/**
 * Takes in a file or a pasted list, to be worked off row by row (see `workImport`); the import's id. Refusals: those of `readRows`; at `text`, `too-large` above
 * 1 MB; `conflict` while five are under way.
 */
export async function startImport(ctx: Context, who: Who, { kind, text }: { kind: ImportKind; text: string }): Promise<number> {
  requirePerson(who)
  requireActive(who)
  if (Buffer.byteLength(text) > importBytesMax) throw new Refusal('too-large', 'import.tooLarge', { limit: importBytesMax }, 'text')
  const rows = readRows(kind, text)
  const accountId = who.account.id
  return ctx.transact(async (tx) => {
    const [running] = await tx
      .select({ count: count() })
      .from(imports)
      .where(and(eq(imports.accountId, accountId), isNull(imports.endedAt)))
    if (Number(running?.count) >= runningMax) throw new Refusal('conflict', 'import.tooManyRunning', { limit: runningMax })
    const id = tx.newId()
    await tx.insert(imports).values({ id, accountId, kind, rowsCount: rows.length, createdAt: tx.now })
    await insertRows(tx, id, rows)
    await askFor(tx, id)
    return id
  })
}

/** What failed is tried once more, and what was left lying goes on. Refusals: `missing`, and `conflict` when there is nothing to do. */
export async function retryImport(ctx: Context, who: Who, { importId }: { importId: number }): Promise<void> {
  requirePerson(who)
  requireActive(who)
  await ctx.transact(async (tx) => {
    await getImport(tx, who.account.id, importId)
    const failed = and(eq(importRows.importId, importId), eq(importRows.state, 'failed'))
    const again = await tx
      .update(importRows)
      .set({ state: 'waiting', reasonKey: null, reasonValues: null })
      .where(failed)
      .returning({ id: importRows.id })
    const isWaiting = and(eq(importRows.importId, importId), eq(importRows.state, 'waiting'))
    if (again.length === 0 && (await tx.$count(importRows, isWaiting)) === 0) throw new Refusal('conflict', 'import.noneFailed')
    await tx.update(imports).set({ endedAt: null }).where(eq(imports.id, importId))
    await askFor(tx, importId)
  })
}

/** The next step of an import, once however often it is asked for. */
export async function askFor(tx: Tx, importId: number): Promise<void> {
  await enqueue(tx, { kind: importKind, input: { importId }, lane: 'fetch', onceKey: `${importKind} ${importId}` })
}

/** By the clock: imports that ended long ago. */
export async function sweepImports(ctx: Context): Promise<void> {
  for (;;) {
    const removed = await ctx.transact(async (tx) => {
      const rows = await tx
        .select({ id: imports.id })
        .from(imports)
        .where(lt(imports.endedAt, tx.now - keptMs))
        .orderBy(asc(imports.id))
        .limit(sweptAtOnce)
      await removeImports(
        tx,
        rows.map(({ id }) => id)
      )
      return rows.length
    })
    if (removed < sweptAtOnce) return
  }
}

/** Later reaction to an erased account: what it brought along goes. */
export async function removeImportsOf(ctx: Context, { accountId }: { accountId: number }): Promise<void> {
  await ctx.transact(async (tx) => {
    const rows = await tx.select({ id: imports.id }).from(imports).where(eq(imports.accountId, accountId))
    await removeImports(
      tx,
      rows.map(({ id }) => id)
    )
  })
}

async function removeImports(tx: Tx, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  await tx.delete(importRows).where(inArray(importRows.importId, ids))
  await tx.delete(imports).where(inArray(imports.id, ids))
}

async function insertRows(tx: Tx, importId: number, rows: readonly ImportedRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsAtOnce)
    await tx.insert(importRows).values(rows.slice(at, at + rowsAtOnce).map((row) => ({ ...row, id: tx.newId(), importId })))
}
