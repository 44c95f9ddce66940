import { eq } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { reports } from '#db/schema/moderation.ts'
import { type Account, requireRole, type Who } from '#server/accounts/who.ts'
import { Refusal } from '#server/errors.ts'

export type Report = typeof reports.$inferSelect

/**
 * A report with the account it is about. Refuses `forbidden` whoever is no moderator, and `missing` what is not there or is about the moderator
 * who asks: nobody judges themselves, or learns who reported them.
 */
export async function getReport(db: Reader, who: Who, reportId: number): Promise<{ report: Report; target: Account }> {
  requireRole(who, 'moderator')
  const [found] = await db
    .select({ report: reports, target: accounts })
    .from(reports)
    .innerJoin(accounts, eq(accounts.id, reports.targetId))
    .where(eq(reports.id, reportId))
  const isAboutAsker = who.kind === 'account' && found?.target.id === who.account.id
  if (!found || isAboutAsker) throw new Refusal('missing', 'errors.missing')
  return found
}
