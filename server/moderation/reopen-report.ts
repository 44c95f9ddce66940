import { eq } from 'drizzle-orm'
import { reports } from '#db/schema/moderation.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { getReport } from '#server/moderation/get-report.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

/** A report that somebody was done with waits again. Refuses `missing` (see getReport), and `conflict` when it waits anyway. */
export async function reopenReport(ctx: Context, who: Who, { reportId }: { reportId: number }): Promise<void> {
  await ctx.transact(async (tx) => {
    const { report, target } = await getReport(tx, who, reportId)
    if (report.handledAt === null) throw new Refusal('conflict', 'errors.reportOpen')
    await tx.update(reports).set({ handledAt: null, handledBy: null }).where(eq(reports.id, report.id))
    await recordAudit(tx, who, { act: 'report-reopened', targetKind: 'report', target: String(report.id), targetLabel: handleOf(target) })
    await record(tx, 'report-reopened', { reportId: report.id })
  })
}
