import type { Account } from '#server/accounts/who.ts'
import type { NormalObject, NormalPolicy } from '#server/federation/normal-form/types.ts'
import { publicAudience } from '#server/federation/vocabulary/context.ts'
import { writePolicy } from '#server/interactions/policy.ts'
import type { ToldPolicies } from '#server/posts/received-post.ts'

/** Policies of a post elsewhere as they are kept; undefined when it says nothing. */
export function toToldPolicies({ policies }: NormalObject, author: Account): ToldPolicies | undefined {
  if (!policies) return undefined
  const kept = (policy: NormalPolicy | undefined) => (policy === undefined ? null : keep(policy, author))
  return {
    canQuote: kept(policies.canQuote),
    canReply: kept(policies.canReply),
    canLike: kept(policies.canLike),
    canAnnounce: kept(policies.canAnnounce)
  }
}

function keep({ automatic, manual, isOld }: NormalPolicy, author: Account): string {
  const words = (uris: readonly string[]) =>
    uris.flatMap((uri) => {
      if (uri === publicAudience) return 'everybody'
      if (uri === author.followersUrl) return 'followers'
      if (uri === author.followingUrl) return 'followed'
      // The author may do everything without being named.
      return uri === author.uri ? [] : uri
    })
  const kept = { automatic: words(automatic), manual: words(manual) }
  // What is open to everybody without exception is kept in one word, by which it is known without being read.
  const isOpen = kept.automatic.includes('everybody') && kept.manual.length === 0
  return isOpen ? 'everybody' : writePolicy({ ...kept, isOld })
}
