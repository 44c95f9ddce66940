import { followersOf, followingOf } from '#server/federation/vocabulary/addresses.ts'
import { publicAudience } from '#server/federation/vocabulary/context.ts'
import { isForEverybody, type PolicedPost, policyFor, readPolicy } from '#server/interactions/policy.ts'

interface SubPolicy {
  automaticApproval: string[]
  manualApproval?: string[]
  always?: string[]
  approvalRequired?: string[]
}

/**
 * Who may do what with a post of ours, all of it said, since saying it is what tells others that it is enforced. The author always may, and whoever is mentioned
 * may answer; an author alone means nobody. All but canQuote is said in the words of GoToSocial before 0.20 as well, which reads a policy without them as
 * one that lets nobody in.
 */
export function toPolicy(post: PolicedPost, authorUri: string, mentionUris: readonly string[]): Record<string, SubPolicy> {
  return {
    canQuote: toSubPolicy(policyFor('quote', post), authorUri, []),
    canReply: toSubPolicy(policyFor('reply', post), authorUri, mentionUris, true),
    canLike: toSubPolicy(policyFor('like', post), authorUri, [], true),
    canAnnounce: toSubPolicy(policyFor('announce', post), authorUri, [], true)
  }
}

function toSubPolicy(policy: string, authorUri: string, alsoUris: readonly string[], hasOldWords = false): SubPolicy {
  if (isForEverybody(policy)) return inWords([publicAudience], [], hasOldWords)
  const { automatic, manual } = readPolicy(policy)
  const toUri = (word: string) =>
    word === 'everybody'
      ? publicAudience
      : word === 'followers'
        ? followersOf(authorUri)
        : word === 'followed'
          ? followingOf(authorUri)
          : word
  return inWords([...new Set([authorUri, ...alsoUris, ...automatic.map(toUri)])], manual.map(toUri), hasOldWords)
}

function inWords(automaticApproval: string[], manualApproval: string[], hasOldWords: boolean): SubPolicy {
  return {
    automaticApproval,
    ...(manualApproval.length > 0 ? { manualApproval } : {}),
    ...(hasOldWords ? { always: automaticApproval, approvalRequired: manualApproval } : {})
  }
}
