import type { Context } from '#server/context.ts'
import { receiveActor } from '#server/accounts/receive-actor.ts'
import { findKeys } from '#server/peers/signing-keys.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import { requireOwn } from '#server/federation/inbox/create.ts'
import { accept, type Inbound, InboxFault, refreshOf, requireOwnHost, soleObject, type Verb } from '#server/federation/inbox/inbound.ts'
import { mayCauseFetch } from '#server/federation/inbox/may-fetch.ts'
import { takeOfGroup } from '#server/federation/inbox/of-group.ts'
import { planChecks } from '#server/federation/inbox/plan-checks.ts'
import { isActorType, readActor } from '#server/federation/normal-form/read-actor.ts'
import { readTypes } from '#server/federation/normal-form/read-activity.ts'
import { readObject } from '#server/federation/normal-form/read-object.ts'
import type { NormalActor } from '#server/federation/normal-form/types.ts'
import type { Json } from '#server/federation/normal-form/values.ts'
import { isPost, toToldPost } from '#server/federation/told-post.ts'
import { ownKeys, toToldActor } from '#server/federation/told-actor.ts'
import { findPostByUri } from '#server/posts/find-post.ts'
import { receivePost } from '#server/posts/receive-post.ts'
import { receivePostEdit } from '#server/posts/receive-post-edit.ts'

/** Update: of the actor itself, or of a post of its own. By id alone it is a hint to fetch. */
export const update: Verb = async (ctx, inbound) => {
  const { id, embedded } = soleObject(inbound)
  if (id === undefined) throw new InboxFault(400, 'The object of Update needs an http(s) URL as its id.')
  requireOwnHost(inbound, id, 'The object')
  if (embedded !== undefined)
    return readTypes(embedded).some(isActorType) ? updateActor(ctx, inbound, embedded) : updatePost(ctx, inbound, embedded)
  if (id === inbound.actor.uri) return accept(ctx, inbound, (tx) => enqueue(tx, refreshOf(inbound.actor)))
  return refetch(ctx, inbound, id)
}

async function refetch(ctx: Context, inbound: Inbound, uri: string): Promise<void> {
  const mayFetch = await mayCauseFetch(ctx, inbound.actor)
  return accept(ctx, inbound, async (tx) => {
    if (mayFetch) await enqueue(tx, fetchJob('refetch-post', uri))
  })
}

async function updatePost(ctx: Context, inbound: Inbound, embedded: Json): Promise<void> {
  const said = readObject(embedded)
  if (!isPost(said)) return accept(ctx, inbound, async () => {})
  if (await takeOfGroup(ctx, inbound, said)) return
  const object = requireOwn(inbound, said)
  // Passed on by somebody else, and without a date: it may have been said long ago.
  if (inbound.isForwarded && (object.updatedAt ?? inbound.activity.publishedAt) === undefined) return refetch(ctx, inbound, object.id)
  const told = await toToldPost(ctx.db, object, inbound.actor, inbound.activity)
  const writeChecks = await planChecks(ctx, told, inbound.actor)
  return accept(ctx, inbound, async (tx) => {
    // The Create may have been lost, or be on its way.
    const isKnown = (await findPostByUri(tx, object.id)) !== undefined
    const updatedAt = object.updatedAt ?? inbound.activity.publishedAt
    const post = isKnown
      ? await receivePostEdit(tx, ctx.random, told, updatedAt)
      : await receivePost(tx, ctx.random, updatedAt === undefined ? told : { ...told, updatedAt })
    if (post && post.authorId === inbound.actor.id) await writeChecks(tx, post)
  })
}

/**
 * The profile is taken as it was sent; new keys and a new name are believed only when they are read from the origin. Less than a whole actor is a hint
 * to read it there.
 */
async function updateActor(ctx: Context, inbound: Inbound, embedded: Json): Promise<void> {
  const { actor: account } = inbound
  if (embedded.id !== account.uri) throw new InboxFault(403, 'An actor can update no other actor.')
  const actor = embedded.inbox === undefined ? undefined : readActor(embedded)
  // Whoever passes a proven one on may do so long after another took its place, and nothing in it says which is newer.
  if (actor === undefined || inbound.isForwarded) return accept(ctx, inbound, (tx) => enqueue(tx, refreshOf(inbound.actor)))
  const told = toToldActor(actor, { name: account.name, domain: account.domain ?? '' }, undefined)
  const mustRefresh = actor.name !== account.name || (await hasOtherKeys(ctx, account.id, actor))
  return accept(ctx, inbound, async (tx) => {
    await receiveActor(tx, ctx.random, told)
    if (mustRefresh) await enqueue(tx, refreshOf(inbound.actor))
  })
}

async function hasOtherKeys(ctx: Context, accountId: number, actor: NormalActor): Promise<boolean> {
  if (actor.keyUrls.length > 0) return true
  const known = new Set((await findKeys(ctx.db, accountId)).map((key) => `${key.uri} ${key.publicPem}`))
  const listed = ownKeys(actor.keys, actor.id)
  return listed.length !== known.size || listed.some((key) => !known.has(`${key.uri} ${key.publicPem}`))
}
