import { and, asc, eq, isNull, ne } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { type Role, users } from '#db/schema/sign-in.ts'
import { type Account, outranks } from '#server/accounts/who.ts'

/** People named on one page at most. */
const staffMax = 50

export interface StaffMember {
  account: Account
  role: Role
}

/** Who runs the instance and wants to be found: the owner first, then admins, then moderators. */
export async function listStaff(db: Reader): Promise<StaffMember[]> {
  const staff = await db
    .select({ account: accounts, role: users.role })
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(and(ne(users.role, 'person'), eq(accounts.isDiscoverable, true), isNull(accounts.suspendedAt), isNull(accounts.deletedAt)))
    .orderBy(asc(accounts.id))
    .limit(staffMax)
  return staff.sort((a, b) => (outranks(a.role, b.role) ? -1 : outranks(b.role, a.role) ? 1 : 0))
}

/** The role of one of ours; `person` for whoever has none, peers included. */
export async function findRole(db: Reader, accountId: number): Promise<Role> {
  const [found] = await db.select({ role: users.role }).from(users).where(eq(users.accountId, accountId))
  return found?.role ?? 'person'
}
