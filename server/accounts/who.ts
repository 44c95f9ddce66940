import type { accounts } from '#db/schema/accounts.ts'
import type { Role, users } from '#db/schema/sign-in.ts'
import { Refusal } from '#server/errors.ts'

export type Account = typeof accounts.$inferSelect
export type User = typeof users.$inferSelect

/** Who acts. Every action takes one, so that nothing happens without it being known on whose behalf. */
export type Who =
  | { kind: 'account'; account: Account; user: User; sessionId?: number }
  /** Whoever may use the command line of this machine. */
  | { kind: 'operator' }
  /** The instance itself: schedules, rules. */
  | { kind: 'instance' }
  | { kind: 'remote'; account: Account }

export type Person = Extract<Who, { kind: 'account' }>

const rank: Record<Role, number> = { person: 0, moderator: 1, admin: 2, owner: 3 }

/** Whether somebody holds a role or a higher one. The operator and the instance hold all. */
export function hasRole(who: Who | undefined, role: Role): boolean {
  if (!who || who.kind === 'remote') return false
  return who.kind === 'account' ? rank[who.user.role] >= rank[role] : true
}

/** Refuses whoever holds less than the role. */
export function requireRole(who: Who, role: Role): void {
  if (!hasRole(who, role)) throw new Refusal('forbidden', 'errors.roleRequired', { role })
}

/** Refuses everybody but people of ours. */
export function requirePerson(who: Who): asserts who is Person {
  if (who.kind !== 'account') throw new Refusal('forbidden', 'errors.accountRequired')
}

/** Whether a role stands above another: nobody acts upon their equals or betters. */
export function outranks(role: Role, other: Role): boolean {
  return rank[role] > rank[other]
}
