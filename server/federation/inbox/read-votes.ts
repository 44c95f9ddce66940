import { type Inbound, InboxFault, requireOwnHost } from '#server/federation/inbox/inbound.ts'
import { readObject } from '#server/federation/normal-form/read-object.ts'
import { readName } from '#server/federation/normal-form/read-poll.ts'
import { isVote } from '#server/federation/told-post.ts'
import type { ToldVote } from '#server/polls/receive-vote.ts'

/** Votes taken of one activity. */
const votesMax = 20

/**
 * The votes in a Create, one or several; undefined when it holds anything else. Throws InboxFault for a vote that is somebody else's. One without an
 * id is a vote all the same: nobody asks for it.
 */
export function readVotes(inbound: Inbound): ToldVote[] | undefined {
  const votes: ToldVote[] = []
  for (const { embedded } of inbound.activity.objects) {
    // Nearly everything else is told by a look.
    if (embedded?.inReplyTo === undefined || (embedded.name ?? embedded.nameMap) == null) return undefined
    const object = readObject(embedded)
    if (!isVote(object) || object.inReplyTo === undefined) return undefined
    if (object.id !== undefined) requireOwnHost(inbound, object.id, 'The vote')
    if (object.attributedTo.length > 0 && !object.attributedTo.includes(inbound.actor.uri))
      throw new InboxFault(403, 'The vote must be attributed to the actor.')
    votes.push({ pollUri: object.inReplyTo, name: readName(embedded), ...(object.id === undefined ? {} : { uri: object.id }) })
  }
  return votes.length === 0 ? undefined : votes.slice(0, votesMax)
}
