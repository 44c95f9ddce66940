import type { Account } from '#server/accounts/who.ts'

/** A handle as people here know it: `@ana` for ours, `@ana@host` for a peer's. */
export function handleOf({ name, domain }: Pick<Account, 'name' | 'domain'>): string {
  return domain === null ? `@${name}` : `@${name}@${domain}`
}
