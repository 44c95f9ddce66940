import type { FastifyRequest } from 'fastify'
import { findAccount, findAccountByHandle, findAccountByUri, readHandle } from '#server/accounts/find-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { openHistory } from '#server/peers/histories.ts'
import type { Resolved, ResolveStep } from '#server/peers/fediverse.ts'
import { findPost, findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { findAccounts, isOpenTo } from '#server/search/find-accounts.ts'

/** What was found, before it is dressed for the page. */
export interface Found {
  accounts: Account[]
  posts: PostRow[]
  tags: string[]
  steps: ResolveStep[]
  /** Key of what is said besides. */
  notice: string | undefined
  olderCursor?: number | undefined
  /** A sentence about what was typed and could not be understood. */
  fault?: string
  isHelpOpen?: boolean
  /** What might be meant instead, when nothing was found. */
  looser?: string | undefined
}

export const nothing: Found = { accounts: [], posts: [], tags: [], steps: [], notice: undefined }

/** Whether one certain person or post is meant, wherever it lives. */
export function isAddress(ctx: Context, typed: string): boolean {
  return (
    /^https?:\/\/\S+$/i.test(typed) ||
    (/^(?:acct:|@)?[^\s@:]+@[^\s@]+$/i.test(typed) && readHandle(typed.replace(/^acct:/i, ''), ctx.config) !== undefined)
  )
}

/** Who or what stands under a handle or an address; another server is asked only for somebody signed in, and what was tried is told. */
export async function lookUp(ctx: Context, request: FastifyRequest, typed: string): Promise<Found> {
  const viewerId = request.who?.account.id
  const steps: ResolveStep[] = []
  const resolved =
    viewerId === undefined
      ? await findKnown(ctx, typed)
      : await ctx.fediverse.resolve(typed, { viewerId, onStep: (step) => steps.push(step) })
  if (resolved.kind === 'account') {
    const account = await findAccount(ctx.db, resolved.accountId)
    if (account && (await isOpenTo(ctx.db, viewerId, account))) {
      if (request.who) await openHistory(ctx, account)
      return { ...nothing, accounts: [account] }
    }
  }
  if (resolved.kind === 'post') {
    const post = await findPost(ctx.db, viewerId, resolved.postId)
    if (post) return { ...nothing, posts: [post] }
  }
  // What was found and is not for this viewer is not found; part of a handle may still be meant.
  const accounts = /^https?:/i.test(typed) ? [] : await findAccounts(ctx.db, viewerId, typed.replace(/^acct:/i, ''))
  if (accounts.length > 0) return { ...nothing, accounts, steps: resolved.kind === 'nothing' ? steps : [] }
  return { ...nothing, steps: resolved.kind === 'nothing' ? steps : [], notice: request.who ? 'search.notResolved' : 'search.signInToAsk' }
}

/** What our own tables know of a handle or an id, without asking anybody. */
async function findKnown(ctx: Context, typed: string): Promise<Resolved> {
  if (/^https?:/i.test(typed)) {
    const post = await findPostByUri(ctx.db, typed)
    if (post) return { kind: 'post', postId: post.boostOfId ?? post.id }
    const account = await findAccountByUri(ctx.db, typed)
    return account ? { kind: 'account', accountId: account.id } : { kind: 'nothing' }
  }
  const account = await findAccountByHandle(ctx.db, typed.replace(/^acct:/i, ''), ctx.config)
  return account ? { kind: 'account', accountId: account.id } : { kind: 'nothing' }
}
