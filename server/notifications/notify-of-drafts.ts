import { and, eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { notifications } from '#db/schema/notifications.ts'
import { notifyAuthor } from '#server/notifications/notify.ts'

/** Reaction: a post of one of ours was not published at its time; they are told anew, however many were before. */
export async function notifyDraftFailed(tx: Tx, { accountId }: { accountId: number }): Promise<void> {
  await tx.delete(notifications).where(and(eq(notifications.accountId, accountId), eq(notifications.kind, 'draft')))
  await notifyAuthor(tx, accountId, { kind: 'draft', postId: 0 })
}
