import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { countVotes, enqueueTelling, hasVoted } from '#server/polls/count-votes.ts'
import { markOf } from '#server/polls/option-mark.ts'
import { enqueueClose, lockOpenPoll } from '#server/polls/write-poll.ts'
import { requireActive } from '#server/posts/authors.ts'
import { getOriginal } from '#server/posts/find-post.ts'

/** After the end of a remote poll its server has this long to tell of it before it is asked. */
export const graceMs = 5 * 60_000

export interface Vote {
  postId: number
  /** Options by their position, from 0. */
  choices: readonly number[]
  /** Of some of these, the mark (as of markOf) of the option that was read there; one that is another by now is not voted for. */
  marks?: ReadonlyMap<number, string>
}

/**
 * One of ours votes, once and for all; counted at once, also in the copy of a remote poll until its server tells the counts. Fact `poll-voted` a
 * choice when the poll lives elsewhere. Refusals: 'missing' when there is no such poll for them, 'conflict' when it is over or they voted
 * before, 'forbidden' for their own, 'invalid' for no choice, too many, or one that is not there.
 */
export async function voteInPoll(ctx: Context, who: Who, { postId, choices, marks }: Vote): Promise<void> {
  const account = requireActive(who)
  const positions = [...new Set(choices)]
  await ctx.transact(async (tx) => {
    const post = await getOriginal(tx, account.id, postId)
    if (post.type !== 'Question') throw new Refusal('missing', 'errors.pollMissing')
    if (post.authorId === account.id) throw new Refusal('forbidden', 'errors.pollOwn')
    const poll = await lockOpenPoll(tx, post.id)
    if (!poll) throw new Refusal('conflict', 'errors.pollOver')
    if (positions.length === 0) throw new Refusal('invalid', 'errors.pollNoChoice')
    if (positions.length > 1 && !poll.isMultiple) throw new Refusal('invalid', 'errors.pollOneChoice')
    const isThere = (position: number) => {
      const option = poll.options[position]
      return option !== undefined && (marks?.get(position) ?? markOf(option)) === markOf(option)
    }
    if (!positions.every(isThere)) throw new Refusal('invalid', 'errors.pollUnknownChoice')
    if (await hasVoted(tx, poll.postId, account.id)) throw new Refusal('conflict', 'errors.pollVoted')
    const voteIds = await countVotes(
      tx,
      poll,
      account.id,
      positions.map((position) => ({ position, uri: null }))
    )
    if (post.isLocal) return enqueueTelling(tx, post.id)
    for (const voteId of voteIds) await record(tx, 'poll-voted', { voteId })
    if (poll.endsAt !== null) await enqueueClose(tx, post.id, poll.endsAt, poll.endsAt + graceMs)
  })
}
