import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { notifications } from '#db/schema/notifications.ts'
import { enqueue } from '#server/jobs/enqueue.ts'

/**
 * A remote account is gone for good, in the transaction of the receipt: hidden everywhere at once, its profile and keys emptied. Its posts
 * and follows are taken away by a job, some at a time. False when it is one of ours or was gone already.
 */
export async function receiveActorDelete(tx: Tx, accountId: number): Promise<boolean> {
  const [gone] = await tx
    .update(accounts)
    .set({
      displayName: '',
      bioHtml: '',
      fields: [],
      emojis: [],
      avatarId: null,
      headerId: null,
      url: null,
      inboxUrl: null,
      sharedInboxUrl: null,
      deletedAt: tx.now
    })
    .where(and(eq(accounts.id, accountId), isNotNull(accounts.domain), isNull(accounts.deletedAt)))
    .returning({ id: accounts.id })
  if (!gone) return false
  await tx.delete(accountKeys).where(eq(accountKeys.accountId, accountId))
  await tx.delete(notifications).where(eq(notifications.fromId, accountId))
  await enqueue(tx, { kind: 'clear-account', input: { accountId }, lane: 'slow', onceKey: `clear-account ${accountId}` })
  return true
}
