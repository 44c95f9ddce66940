import type { InteractionKind } from '#db/schema/quotes.ts'
import type { Visibility } from '#db/schema/posts.ts'
import { isOpen } from '#server/posts/visibility.ts'

/** Actors that one policy may name; more are left out. */
const namedMax = 20
const separator = '|'
const oldMark = 'old'

/** Groups of people that a policy can name; what is none of these is an actor's id. */
export const groups = ['everybody', 'followers', 'followed', 'mentioned'] as const

/** Who may do something with a post: at once, or after its author agreed. The author always may. */
export interface Policy {
  automatic: readonly string[]
  manual: readonly string[]
  /** Said only in the words that GoToSocial used before 0.20 (`always`, `approvalRequired`): its server knows no requests. */
  isOld?: boolean
}

/**
 * `free`: at once, and nothing has to be proven. `listed`: at once, as one of a collection that others cannot look into, so that an authorization proves
 * it. `manual`: once the author agreed. `never`: not at all.
 */
export type Permission = 'free' | 'listed' | 'manual' | 'never'

/** How somebody stands to a post and its author. */
export interface Standing {
  uri: string
  isAuthor: boolean
  /** Mentioned in the post, or answered by it. */
  isMentioned: boolean
  isFollower: boolean
  /** Followed by the author. */
  isFollowed: boolean
}

/** What of a post says who may do what with it. */
export interface PolicedPost {
  isLocal: boolean
  visibility: Visibility
  canQuote: string | null
  canReply: string | null
  canLike: string | null
  canAnnounce: string | null
}

/** The column of a post that holds a policy; in the order they are asked for. */
export const policyColumns = { quote: 'canQuote', reply: 'canReply', announce: 'canAnnounce', like: 'canLike' } as const
export type PolicyColumn = (typeof policyColumns)[InteractionKind]

/** A policy as it is kept: words apart by spaces, those of `manual` after a bar. An empty text means nobody. Pure. */
export function writePolicy({ automatic, manual, isOld = false }: Policy): string {
  const words = [...(isOld ? [oldMark] : []), ...bounded(automatic), ...(manual.length > 0 ? [separator, ...bounded(manual)] : [])]
  return words.join(' ')
}

export function readPolicy(text: string): Policy {
  const words = text.split(' ').filter((word) => word !== '')
  const isOld = words[0] === oldMark
  const named = isOld ? words.slice(1) : words
  const at = named.indexOf(separator)
  return at < 0 ? { automatic: named, manual: [], isOld } : { automatic: named.slice(0, at), manual: named.slice(at + 1), isOld }
}

/**
 * The policy that holds for a post: what its author set, else what goes without saying. Of ours: everybody for what everybody sees, and nobody passes on or quotes
 * what is meant for a circle. Of others: everybody, but for quotes, which nobody takes without having been invited (FEP-044f). Pure.
 */
export function policyFor(kind: InteractionKind, post: PolicedPost): string {
  const said = post[policyColumns[kind]]
  if (said !== null) return said
  const isForAll = isOpen(post.visibility)
  if (kind === 'quote') return post.isLocal && isForAll ? 'everybody' : ''
  return kind === 'announce' && !isForAll ? '' : 'everybody'
}

/** Whether nobody needs to ask, so that nothing about the people has to be looked up. Pure. */
export function isForEverybody(policy: string): boolean {
  return policy === 'everybody'
}

/** Whether it matters who follows whom, or is mentioned. Pure. */
export function namesGroups(policy: string): boolean {
  return /\b(followers|followed|mentioned)\b/.test(policy)
}

/**
 * What a policy allows somebody. The more specific word counts: an id before a collection, a collection before everybody; of two alike, the wider
 * permission. Authors may do anything with their posts, and whoever is mentioned may answer. Pure.
 */
export function permissionOf(kind: InteractionKind, policy: string, who: Standing): Permission {
  if (who.isAuthor || (kind === 'reply' && who.isMentioned) || isForEverybody(policy)) return 'free'
  const { automatic, manual } = readPolicy(policy)
  if (automatic.includes(who.uri)) return 'free'
  if (manual.includes(who.uri)) return 'manual'
  const isOf = (word: string) =>
    (word === 'followers' && who.isFollower) || (word === 'followed' && who.isFollowed) || (word === 'mentioned' && who.isMentioned)
  if (automatic.some(isOf)) return 'listed'
  if (manual.some(isOf)) return 'manual'
  if (automatic.includes('everybody')) return 'free'
  return manual.includes('everybody') ? 'manual' : 'never'
}

function bounded(words: readonly string[]): string[] {
  const isGroup = (word: string) => (groups as readonly string[]).includes(word)
  return [...words.filter(isGroup), ...words.filter((word) => !isGroup(word) && !/\s/.test(word)).slice(0, namedMax)]
}
