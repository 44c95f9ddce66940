import { eq } from 'drizzle-orm'
import { reports } from '#db/schema/moderation.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { getReport } from '#server/moderation/get-report.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'

/** A moderator is done with a report. Refuses `missing` (see getReport), and `conflict` when somebody was done with it before. */
export async function handleReport(ctx: Context, who: Who, { reportId }: { reportId: number }): Promise<void> {
  await ctx.transact(async (tx) => {
    const { report, target } = await getReport(tx, who, reportId)
    if (report.handledAt !== null) throw new Refusal('conflict', 'errors.reportClosed')
    const handledBy = who.kind === 'account' ? who.account.id : null
    await tx.update(reports).set({ handledAt: tx.now, handledBy }).where(eq(reports.id, report.id))
    await recordAudit(tx, who, { act: 'report-handled', targetKind: 'report', target: String(report.id), targetLabel: handleOf(target) })
    await record(tx, 'report-handled', { reportId: report.id })
  })
}
