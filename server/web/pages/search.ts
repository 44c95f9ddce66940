import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findAccount, findAccountByHandle, findAccountByUri, readHandle } from '#server/accounts/find-account.ts'
import { type Account, hasRole } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { openHistory } from '#server/peers/histories.ts'
import type { Resolved, ResolveStep } from '#server/peers/fediverse.ts'
import { findPost, findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { findAccounts, isOpenTo } from '#server/search/find-accounts.ts'
import { findOwnPosts } from '#server/search/find-own-posts.ts'
import { findTags } from '#server/search/find-tags.ts'
import { page } from '#server/web/page.ts'
import { signInPathFor } from '#server/web/return-to.ts'
import { viewCards } from '#server/web/views/account-cards.ts'
import type { SearchView } from '#server/web/views/search-view.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { viewPosts } from '#server/web/views/view-posts.ts'

const queryCharactersMax = 2_048

/** What was found, before it is dressed for the page. */
interface Found {
  accounts: Account[]
  posts: PostRow[]
  tags: string[]
  steps: ResolveStep[]
  /** Key of what is said besides. */
  notice: string | undefined
  olderCursor?: number | undefined
}

const nothing: Found = { accounts: [], posts: [], tags: [], steps: [], notice: undefined }

/**
 * `/search?q=`: people, tags, one's own posts; a handle with a host or an address is looked up, at its own server if need be. Only for those
 * signed in is anybody else's server asked. Links from other servers ("follow from here") lead here too.
 */
export function searchRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/search', { config: { access: 'anyone' } }, async (request, reply) => {
    const { q } = request.query as Record<string, string | string[]>
    const typed = String((Array.isArray(q) ? q[0] : q) ?? '').trim()
    if (typed === '') return show(request, reply, typed, nothing)
    if (typed.length > queryCharactersMax)
      return show(request, reply, '', nothing, request.t('search.tooLong', { limit: queryCharactersMax }))
    const found = isAddress(ctx, typed) ? await lookUp(ctx, request, typed) : await searchWords(ctx, request, typed)
    return show(request, reply, typed, found)
  })
}

/** Whether one certain person or post is meant, wherever it lives. */
function isAddress(ctx: Context, typed: string): boolean {
  return (
    /^https?:\/\/\S+$/i.test(typed) ||
    (/^(?:acct:|@)?[^\s@]+@[^\s@]+$/i.test(typed) && readHandle(typed.replace(/^acct:/i, ''), ctx.config) !== undefined)
  )
}

async function searchWords(ctx: Context, request: FastifyRequest, typed: string): Promise<Found> {
  const viewerId = request.who?.account.id
  const isTag = typed.startsWith('#')
  const { beforeId } = pageAsked(request)
  const own =
    viewerId === undefined ? { rows: [], olderCursor: undefined } : await findOwnPosts(ctx.db, viewerId, typed, { before: beforeId })
  const isFirst = beforeId === undefined
  return {
    ...nothing,
    accounts: isFirst && !isTag ? await findAccounts(ctx.db, viewerId, typed) : [],
    tags: isFirst ? await findTags(ctx.db, viewerId, typed) : [],
    posts: own.rows,
    olderCursor: own.olderCursor
  }
}

async function lookUp(ctx: Context, request: FastifyRequest, typed: string): Promise<Found> {
  const viewerId = request.who?.account.id
  const steps: ResolveStep[] = []
  const resolved = request.who ? await ctx.fediverse.resolve(typed, { onStep: (step) => steps.push(step) }) : await findKnown(ctx, typed)
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

async function show(request: FastifyRequest, reply: FastifyReply, typed: string, found: Found, error?: string): Promise<FastifyReply> {
  const { t, who, server } = request
  const { ctx } = server
  const isEmpty = found.accounts.length + found.posts.length + found.tags.length === 0
  const isModerator = hasRole(who, 'moderator')
  const steps = found.steps.some(({ isOk }) => !isOk) ? found.steps : []
  const notice = found.notice === 'search.notResolved' && steps.length === 0 ? undefined : found.notice
  const view: SearchView = {
    query: { value: typed, error },
    hasResults: typed !== '',
    accounts: await viewCards(request, found.accounts),
    posts: await viewPosts(request, await loadPosts(ctx.db, who?.account.id, found.posts)),
    tags: found.tags.map((tag) => ({ path: `/tags/${encodeURIComponent(tag)}`, label: `#${tag}` })),
    notice: notice !== undefined ? t(notice) : isEmpty && typed !== '' ? t('search.nothing', { query: typed }) : undefined,
    // What an address leads to inside our network is not for everybody to learn.
    steps: steps.map(({ key, values, isOk, error: detail }) => ({ text: t(key, values), isOk, detail: isModerator ? detail : undefined })),
    noticeLink: notice === 'search.signInToAsk' ? { path: signInPathFor(request.url), label: t('nav.signIn') } : undefined,
    pager: toPager(request, found.olderCursor)
  }
  return page(reply, 'search', view, { title: t('nav.search'), status: error === undefined ? 200 : 422, cache: 'none' })
}
