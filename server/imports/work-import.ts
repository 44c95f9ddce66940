import { and, asc, eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { imports, importRows } from '#db/schema/imports.ts'
import { findPerson } from '#server/accounts/find-person.ts'
import type { Context } from '#server/context.ts'
import { Refusal, textValuesOf } from '#server/errors.ts'
import { doRow } from '#server/imports/do-row.ts'
import type { ImportLine } from '#server/imports/find-import.ts'
import { missesOf } from '#server/imports/misses.ts'
import { askFor } from '#server/imports/start-import.ts'
import type { JobRun } from '#server/jobs/job-run.ts'

/** Rows of one step, one after another: other servers are asked at the pace at which they answer, and other work has its turn between steps. */
const rowsPerStep = 20

/**
 * Job: the next rows of an import. What became of each row is written down before the next, so that a crash repeats one row at most, and repeating changes
 * nothing. Rows that are refused fail with their reason; the last step notes the end. Of somebody suspended all that is left fails at once: they may try it again when
 * they are back.
 */
export async function workImport(ctx: Context, { importId }: { importId: number }, job: JobRun): Promise<void> {
  const [found] = await ctx.db.select().from(imports).where(eq(imports.id, importId))
  const who = found && (await findPerson(ctx.db, found.accountId))
  if (!found || !who) return
  if (who.account.suspendedAt !== null) return giveUp(ctx, importId, job)
  const rows = await waitingRows(ctx.db, importId)
  const misses = await missesOf(ctx.db, importId, rows.length)
  for (const row of rows) {
    const refusal = misses.isHopeless(row.subject)
      ? new Refusal('missing', 'import.nobody')
      : await refusalOf(doRow(ctx, who, found.kind, row))
    misses.note(row.subject, refusal === undefined)
    const outcome = refusal
      ? { state: 'failed' as const, reasonKey: refusal.key, reasonValues: textValuesOf(refusal) }
      : { state: 'done' as const }
    await ctx.transact((tx) => tx.update(importRows).set(outcome).where(eq(importRows.id, row.id)).returning({ id: importRows.id }))
  }
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    if ((await waitingRows(tx, importId)).length > 0) await askFor(tx, importId)
    else await tx.update(imports).set({ endedAt: tx.now }).where(eq(imports.id, importId))
  })
}

async function giveUp(ctx: Context, importId: number, job: JobRun): Promise<void> {
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    await tx.update(importRows).set({ state: 'failed', reasonKey: 'import.suspended', reasonValues: {} }).where(isWaiting(importId))
    await tx.update(imports).set({ endedAt: tx.now }).where(eq(imports.id, importId))
  })
}

async function refusalOf(work: Promise<void>): Promise<Refusal | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function waitingRows(db: Reader, importId: number): Promise<ImportLine[]> {
  return db.select().from(importRows).where(isWaiting(importId)).orderBy(asc(importRows.id)).limit(rowsPerStep)
}

function isWaiting(importId: number) {
  return and(eq(importRows.importId, importId), eq(importRows.state, 'waiting'))
}
