import type { Tx } from '#db/reader.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { findByObject, findInteraction, type InteractionDetails } from '#server/interactions/find-interaction.ts'
import { acceptInteraction, rejectInteraction, revokeInteraction } from '#server/interactions/settle.ts'
import { writeInteraction } from '#server/interactions/write-interaction.ts'
import { findQuote } from '#server/interactions/quotes.ts'
import { getPost, type PostRow } from '#server/posts/find-post.ts'

/** One of ours lets somebody do what they asked for. Fact `interaction-accepted`. Refusal('missing') unless it concerns a post of theirs. */
export async function approveInteraction(ctx: Context, who: Who, { interactionId }: { interactionId: number }): Promise<void> {
  await ctx.transact(async (tx) => {
    await acceptInteraction(tx, await getOwn(tx, who, interactionId))
  })
}

/** One of ours does not want it. Fact `interaction-rejected`. Refusal('missing') unless it concerns a post of theirs. */
export async function refuseInteraction(ctx: Context, who: Who, { interactionId }: { interactionId: number }): Promise<void> {
  await ctx.transact(async (tx) => {
    await rejectInteraction(tx, await getOwn(tx, who, interactionId))
  })
}

/**
 * One of ours does not want their post shown in a quote any more, however it came to be. Fact `interaction-revoked`. Refusals: 'missing' when
 * the quoting post is not there for them, 'forbidden' when it quotes somebody else.
 */
export async function revokeQuote(ctx: Context, who: Who, { postId }: { postId: number }): Promise<void> {
  requirePerson(who)
  await ctx.transact(async (tx) => {
    const quoting = await getPost(tx, who.account.id, postId)
    const quote = await findQuote(tx, postId)
    const quoted = quote?.quotedId == null ? undefined : await getPost(tx, who.account.id, quote.quotedId)
    if (!quoted || quoted.authorId !== who.account.id || quoting.authorId === who.account.id)
      throw new Refusal('forbidden', 'errors.quoteNotOfYours')
    await revokeInteraction(tx, await decidedOn(tx, quoting, quoted))
  })
}

/** Quotes of servers that do not ask have no row yet. */
async function decidedOn(tx: Tx, quoting: PostRow, quoted: PostRow): Promise<InteractionDetails> {
  const known = await findByObject(tx, 'quote', quoted.id, quoting.uri)
  const { row } = known
    ? { row: known }
    : await writeInteraction(tx, {
        kind: 'quote',
        targetId: quoted.id,
        fromId: quoting.authorId,
        objectUri: quoting.uri,
        postId: quoting.id,
        state: 'accepted'
      })
  const details = await findInteraction(tx, row.id)
  if (!details) throw new Error('An interaction vanished.')
  return details
}

async function getOwn(tx: Tx, who: Who, interactionId: number): Promise<InteractionDetails> {
  requirePerson(who)
  const found = await findInteraction(tx, interactionId)
  if (!found || found.target.authorId !== who.account.id || found.target.deletedAt !== null)
    throw new Refusal('missing', 'errors.interactionMissing')
  return found
}
