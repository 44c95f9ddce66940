import { desc, eq, lt } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { invites, users } from '#db/schema/sign-in.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Invite } from '#server/moderation/create-invite.ts'
import { boundsOf, type Page } from '#server/timelines/pages.ts'

export interface ListedInvite {
  invite: Invite
  /** Undefined when the operator made it. */
  maker: Account | undefined
  /** How many joined by it. */
  usedCount: number
}

/** Invitations, the newest first. */
export async function listInvites(db: Reader, page: Page = {}): Promise<{ rows: ListedInvite[]; olderCursor: number | undefined }> {
  const { before, rows: limit } = boundsOf(page)
  const found = await db
    .select({ invite: invites, maker: accounts, usedCount: db.$count(users, eq(users.inviteId, invites.id)) })
    .from(invites)
    .leftJoin(accounts, eq(accounts.id, invites.createdBy))
    .where(lt(invites.id, before))
    .orderBy(desc(invites.id))
    .limit(limit + 1)
  const rows = found
    .slice(0, limit)
    .map(({ invite, maker, usedCount }) => ({ invite, maker: maker ?? undefined, usedCount: Number(usedCount) }))
  return { rows, olderCursor: found.length > limit ? rows.at(-1)?.invite.id : undefined }
}
