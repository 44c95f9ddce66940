import { findAccount, findAccountByUri } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { accept, type Inbound } from '#server/federation/inbox/inbound.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import type { NormalObject } from '#server/federation/normal-form/types.ts'
import { enqueue, type NewJob } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { findPostByUri } from '#server/posts/find-post.ts'

/** Actors that one object of a group names at most; each is looked up. */
const authorsMax = 8

/**
 * A Create or Update by a member of what is the group's alone (Mobilizon's events). The group has signed nothing, so that the member's word is a hint, as that
 * of anybody on the server would be: the object is read at its own server, which says whose it is. False when it is not of that kind: it names
 * its actor or nobody, or very many, or somebody on another server, or somebody here known to be no group.
 */
export async function takeOfGroup(ctx: Context, inbound: Inbound, { id, attributedTo }: NormalObject): Promise<boolean> {
  const { actor, host } = inbound
  if (attributedTo.length === 0 || attributedTo.length > authorsMax) return false
  const isElsewhere = attributedTo.includes(actor.uri) || attributedTo.some((uri) => hostOf(uri) !== host)
  if (id === undefined || isElsewhere) return false
  for (const uri of attributedTo) if (((await findAccountByUri(ctx.db, uri))?.type ?? 'Group') !== 'Group') return false
  await ask(ctx, inbound, fetchJob('fetch-forwarded', id))
  return true
}

/**
 * A Delete by a member, of a post of a group on the member's server: that server is asked whether it is gone. False for every other post, of which
 * only its own author's word counts.
 */
export async function takeDeleteOfGroup(ctx: Context, inbound: Inbound, uri: string): Promise<boolean> {
  const known = await findPostByUri(ctx.db, uri)
  if (!known || known.isLocal || known.deletedAt !== null || known.boostOfId !== null || known.authorId === inbound.actor.id) return false
  if ((await findAccount(ctx.db, known.authorId))?.type !== 'Group') return false
  await ask(ctx, inbound, fetchJob('confirm-delete', uri))
  return true
}

async function ask(ctx: Context, inbound: Inbound, job: NewJob): Promise<void> {
  const mayFetch = await mayCauseFetch(ctx, inbound.actor)
  return accept(ctx, inbound, async (tx) => {
    if (mayFetch) await enqueue(tx, job)
  })
}
