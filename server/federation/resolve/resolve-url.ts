import { findAccountByUri } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { freshMs, storeActor } from '#server/federation/fetch-actor.ts'
import { fetchDocument, type FetchOptions } from '#server/federation/fetch-document.ts'
import { storePost } from '#server/federation/fetch-post.ts'
import { readTypes } from '#server/federation/normal-form/read-activity.ts'
import { isActorType } from '#server/federation/normal-form/read-actor.ts'
import type { Steps } from '#server/federation/resolve/steps.ts'
import { resolveLocalUrl } from '#server/federation/resolve/resolve-local-url.ts'
import type { Resolved } from '#server/peers/fediverse.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { findPost, findPostByUri } from '#server/posts/find-post.ts'

/** `viewerId` as in peers/fediverse.ts. */
type UrlOptions = FetchOptions & { viewerId: number | undefined }

/**
 * The account or post behind an address: of ours from our tables, what we know as we have it, else what its origin answers. That somebody here has a post
 * which the viewer may not see is not told by finding it, nor by asking nobody.
 */
export async function resolveUrl(ctx: Context, url: URL, options: UrlOptions, steps: Steps): Promise<Resolved> {
  const host = hostOf(url)
  if (host === undefined) return { kind: 'nothing' }
  if (host === ctx.config.host || host === ctx.config.handleDomain) {
    const found = await unlessHidden(ctx, await resolveLocalUrl(ctx, url), options)
    steps.note('resolve.local', { handle: url.pathname }, found.kind !== 'nothing')
    return found
  }
  if (await ctx.limits.isSuspended(host)) {
    steps.note('resolve.blocked', { host }, false)
    return { kind: 'nothing' }
  }
  const known = await findKnown(ctx, url.href, options)
  if (known) {
    steps.note('resolve.known', { address: url.href }, true)
    return known
  }
  const document = await steps.attempt('resolve.document', { address: url.href }, () => fetchDocument(ctx, url.href, options))
  if (!document) return { kind: 'nothing' }
  if (readTypes(document.json).some(isActorType)) {
    const account = await steps.attempt('resolve.actor', { address: document.id }, () => storeActor(ctx, document, options))
    return account ? { kind: 'account', accountId: account.id } : { kind: 'nothing' }
  }
  const post = await steps.attempt('resolve.post', { address: document.id }, () => storePost(ctx, document, options))
  return post ? { kind: 'post', postId: post.id } : { kind: 'nothing' }
}

async function unlessHidden(ctx: Context, found: Resolved, { viewerId }: UrlOptions): Promise<Resolved> {
  const isHidden = viewerId !== undefined && found.kind === 'post' && !(await findPost(ctx.db, viewerId, found.postId))
  return isHidden ? { kind: 'nothing' } : found
}

async function findKnown(ctx: Context, uri: string, options: UrlOptions): Promise<Resolved | undefined> {
  if (options.isForced) return undefined
  const post = await findPostByUri(ctx.db, uri)
  if (post && post.deletedAt === null) {
    const found = await unlessHidden(ctx, { kind: 'post', postId: post.boostOfId ?? post.id }, options)
    return found.kind === 'nothing' ? undefined : found
  }
  const account = await findAccountByUri(ctx.db, uri)
  if (account && ctx.clock.now() - (account.fetchedAt ?? 0) < freshMs) return { kind: 'account', accountId: account.id }
  return undefined
}
