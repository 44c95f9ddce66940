import type { Tx } from '#db/reader.ts'
import { notify, withdraw } from '#server/notifications/notify.ts'

/** Reaction: a community keeps somebody of ours out. */
export async function notifyBanned(tx: Tx, { groupId, accountId }: { groupId: number; accountId: number }): Promise<void> {
  await notify(tx, [accountId], { kind: 'community-ban', fromId: groupId })
}

/** Reaction: it lets them in again. */
export async function withdrawBanned(tx: Tx, { groupId, accountId }: { groupId: number; accountId: number }): Promise<void> {
  await withdraw(tx, accountId, groupId, ['community-ban'])
}
