import { eq } from 'drizzle-orm'
import { reports } from '#db/schema/moderation.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { getReport } from '#server/moderation/get-report.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

/** A moderator takes a report upon themselves (`isMine`), from whoever had it, or gives it back. Refuses `missing` (see getReport). */
export async function assignReport(ctx: Context, who: Who, { reportId, isMine }: { reportId: number; isMine: boolean }): Promise<void> {
  requirePerson(who)
  await ctx.transact(async (tx) => {
    const { report, target } = await getReport(tx, who, reportId)
    const assignedTo = isMine ? who.account.id : null
    if (report.assignedTo === assignedTo) return
    await tx.update(reports).set({ assignedTo }).where(eq(reports.id, report.id))
    const act = isMine ? 'report-taken' : 'report-given-back'
    await recordAudit(tx, who, { act, targetKind: 'report', target: String(report.id), targetLabel: handleOf(target) })
  })
}
