import { and, isNotNull, isNull } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { reports } from '#db/schema/moderation.ts'
import { users } from '#db/schema/sign-in.ts'

/** What waits for a moderator: open reports, and sign-ups whose address is confirmed. */
export async function countWaiting(db: Reader): Promise<{ reports: number; signUps: number }> {
  return {
    reports: await db.$count(reports, isNull(reports.handledAt)),
    signUps: await db.$count(users, and(isNull(users.approvedAt), isNotNull(users.emailConfirmedAt)))
  }
}
