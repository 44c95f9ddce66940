import type { Tx } from '#db/reader.ts'
import { countVotes, enqueueTelling } from '#server/polls/count-votes.ts'
import { lockOpenPoll } from '#server/polls/write-poll.ts'
import { findPost, findPostByUri } from '#server/posts/find-post.ts'

/** What one vote says, as it came. */
export interface ToldVote {
  /** Id of the post that asks. */
  pollUri: string
  /** The option's text. */
  name: string
  uri?: string
}

/**
 * A remote account votes in a poll of ours, in the transaction of the receipt; the caller has checked that these are its own votes. Counted
 * once an account and option, of a poll with one choice the first alone. How many counted: none when it is no poll of ours, not for them, or over.
 */
export async function receiveVotes(tx: Tx, accountId: number, votes: readonly ToldVote[]): Promise<number> {
  let counted = 0
  for (const [pollUri, told] of Map.groupBy(votes, (vote) => vote.pollUri)) counted += await receiveBallot(tx, accountId, pollUri, told)
  return counted
}

async function receiveBallot(tx: Tx, accountId: number, pollUri: string, told: readonly ToldVote[]): Promise<number> {
  const named = await findPostByUri(tx, pollUri)
  if (!named?.isLocal || named.type !== 'Question') return 0
  // Whoever may not see a poll has no vote in it, and whoever is blocked may not see it.
  const post = await findPost(tx, accountId, named.id)
  const poll = post && (await lockOpenPoll(tx, post.id))
  if (!poll) return 0
  const positions = new Map(poll.options.map((option) => [option.name, option.position]))
  const votes = told.flatMap(({ name, uri }) => {
    const position = positions.get(name.normalize('NFC'))
    return position === undefined ? [] : { position, uri: uri ?? null }
  })
  const ids = await countVotes(tx, poll, accountId, votes)
  if (ids.length > 0) await enqueueTelling(tx, post.id)
  return ids.length
}
