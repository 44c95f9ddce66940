import { and, isNotNull, isNull, ne } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { reports } from '#db/schema/moderation.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Who } from '#server/accounts/who.ts'

/** What waits for a moderator: open reports (but for those about themselves), and sign-ups whose address is confirmed. */
export async function countWaiting(db: Reader, who?: Who): Promise<{ reports: number; signUps: number }> {
  const isNotAboutThem = who?.kind === 'account' ? ne(reports.targetId, who.account.id) : undefined
  return {
    reports: await db.$count(reports, and(isNull(reports.handledAt), isNotAboutThem)),
    signUps: await db.$count(users, and(isNull(users.approvedAt), isNotNull(users.emailConfirmedAt)))
  }
}
