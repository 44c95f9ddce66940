const readable = [
  'accounts',
  'blocks',
  'bookmarks',
  'favourites',
  'filters',
  'follows',
  'lists',
  'mutes',
  'notifications',
  'search',
  'statuses'
] as const
const writable = [
  'accounts',
  'blocks',
  'bookmarks',
  'conversations',
  'favourites',
  'filters',
  'follows',
  'lists',
  'media',
  'mutes',
  'notifications',
  'reports',
  'statuses'
] as const
const administered = [
  'accounts',
  'reports',
  'domain_allows',
  'domain_blocks',
  'ip_blocks',
  'email_domain_blocks',
  'canonical_email_blocks'
] as const

/** What an app may be allowed, in the order in which people are told. A wide one holds those that begin with it. */
export const scopes = [
  'profile',
  'read',
  ...readable.map((part) => `read:${part}` as const),
  'write',
  ...writable.map((part) => `write:${part}` as const),
  'follow',
  'push',
  'admin:read',
  ...administered.map((part) => `admin:read:${part}` as const),
  'admin:write',
  ...administered.map((part) => `admin:write:${part}` as const)
] as const

export type Scope = (typeof scopes)[number]

/** Asked for where nothing is said. */
export const defaultScope: Scope = 'read'

/** An old name for six of the others. */
const heldByFollow: readonly Scope[] = ['read:blocks', 'write:blocks', 'read:follows', 'write:follows', 'read:mutes', 'write:mutes']

const known: ReadonlySet<string> = new Set(scopes)
const textCharactersMax = 2_000

/** The scopes of a text (RFC 6749, section 3.3), each once and in our order; undefined when one is none of ours, or there is none at all. Pure. */
export function readScopes(text: string): Scope[] | undefined {
  if (text.length > textCharactersMax) return undefined
  const named = new Set(text.split(/\s+/).filter((each) => each !== ''))
  if (named.size === 0 || [...named].some((each) => !known.has(each))) return undefined
  return scopes.filter((scope) => named.has(scope))
}

export function writeScopes(list: readonly Scope[]): string {
  return list.join(' ')
}

/** Whether what was granted holds one scope, by its name or within a wider one. Pure. */
export function holds(granted: readonly Scope[], wanted: Scope): boolean {
  return granted.some(
    (scope) => scope === wanted || wanted.startsWith(`${scope}:`) || (scope === 'follow' && heldByFollow.includes(wanted))
  )
}

/** Whether what is asked for stays within what was granted. Pure. */
export function staysWithin(asked: readonly Scope[], granted: readonly Scope[]): boolean {
  return asked.every((scope) => holds(granted, scope))
}

/** Without those that a wider one among them holds: what people are told, once. Pure. */
export function widestOf(list: readonly Scope[]): Scope[] {
  return list.filter((scope) => !list.some((other) => other !== scope && holds([other], scope)))
}

/** Only staff can let an app do these. */
export function isForStaff(scope: Scope): boolean {
  return scope.startsWith('admin:')
}
