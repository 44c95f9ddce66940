import type { Tx } from '#db/reader.ts'
import { auditEntries } from '#db/schema/moderation.ts'
import type { Who } from '#server/accounts/who.ts'

export interface AuditEntry {
  /** Past tense with hyphens: `account-suspended`; its sentence is the message `audit.<act>`. */
  act: string
  targetKind: (typeof auditEntries.$inferInsert)['targetKind']
  target: string
  targetLabel: string
  reason?: string
  details?: Record<string, unknown>
}

/** Writes who did what to whom, and why, in the transaction that does it. Entries are never changed or removed. */
export async function recordAudit(tx: Tx, who: Who, entry: AuditEntry): Promise<void> {
  if (who.kind === 'remote') throw new Error('A remote actor moderates nothing here.')
  await tx.insert(auditEntries).values({
    id: tx.newId(),
    actorKind: who.kind,
    actorId: who.kind === 'account' ? who.account.id : null,
    ...entry,
    createdAt: tx.now
  })
}
