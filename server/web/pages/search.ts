import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasRole } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { requireActive } from '#server/posts/authors.ts'
import { findAccounts } from '#server/search/find-accounts.ts'
import { findPosts } from '#server/search/find-posts.ts'
import { findTags } from '#server/search/find-tags.ts'
import { asksForPosts, hasOperators, readQuery } from '#server/search/read-query.ts'
import { page } from '#server/web/page.ts'
import { createPersonRate } from '#server/web/person-rate.ts'
import { type Found, isAddress, lookUp, nothing } from '#server/web/pages/search-address.ts'
import { signInPathFor } from '#server/web/return-to.ts'
import { viewCards } from '#server/web/views/account-cards.ts'
import { exploreTabs, viewSuggestions } from '#server/web/views/explore-views.ts'
import type { SearchView } from '#server/web/views/search-view.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { viewPosts } from '#server/web/views/view-posts.ts'

const queryCharactersMax = 2_048
/** Addresses that one person has looked up: each may be a dozen questions to another server. */
const lookUpRate = { max: 60, windowMs: 60_000 }
const exampleNames = ['phrase', 'not', 'begin', 'tag', 'from', 'has', 'is', 'in', 'before', 'on'] as const

/**
 * `/search?q=`: people, tags and posts by words and operators; a handle with a host or an address is looked up, at its own server if need be. Only for those
 * signed in are posts searched and other servers asked. Links from other servers ("follow from here") lead here too.
 */
export function searchRoutes(app: FastifyInstance, ctx: Context): void {
  const countLookUp = createPersonRate(lookUpRate)

  app.get('/search', { config: { access: 'anyone' } }, async (request, reply) => {
    const { t } = request
    const typed = typedIn(request)
    if (typed === '') return show(request, reply, typed, nothing)
    if (typed.length > queryCharactersMax)
      return show(request, reply, '', { ...nothing, fault: t('search.tooLong', { limit: queryCharactersMax }) })
    if (!isAddress(ctx, typed)) return show(request, reply, typed, await searchWords(ctx, request, typed))
    if (request.who) countLookUp(request)
    return show(request, reply, typed, await lookUp(ctx, request, typed))
  })

  // Asks again at once what failed a moment ago; the page it leads to shows how that went.
  app.post('/search/again', { config: { access: 'signed-in' } }, async (request, reply) => {
    requireActive(request.who!)
    const typed = request.form.text('q').trim().slice(0, queryCharactersMax)
    if (isAddress(ctx, typed)) {
      countLookUp(request)
      await ctx.fediverse.resolve(typed, { isForced: true })
    }
    return reply.redirect(`/search?q=${encodeURIComponent(typed)}`, 303)
  })
}

/** A form or a link may carry it twice; the first counts. */
function typedIn(request: FastifyRequest): string {
  const { q } = request.query as Record<string, string | string[]>
  return String((Array.isArray(q) ? q[0] : q) ?? '').trim()
}

async function searchWords(ctx: Context, request: FastifyRequest, typed: string): Promise<Found> {
  const { t, who } = request
  const viewerId = who?.account.id
  const query = readQuery(typed)
  if ('key' in query) return { ...nothing, fault: t(query.key, query.values), isHelpOpen: true }
  const { beforeId } = pageAsked(request)
  const isForAll = beforeId === undefined && !hasOperators(query)
  const isTag = typed.startsWith('#')
  const found = {
    ...nothing,
    accounts: isForAll && !isTag ? await findAccounts(ctx.db, viewerId, typed) : [],
    tags: isForAll ? await findTags(ctx.db, viewerId, typed) : []
  }
  if (!who) return { ...found, notice: hasOperators(query) ? 'search.signInForPosts' : undefined }
  if (!asksForPosts(query)) return { ...found, notice: hasOperators(query) ? 'search.onlyExcluded' : undefined }
  const posts = await findPosts(ctx, { accountId: who.account.id, zone: t.timeZone }, query, { beforeId })
  if ('key' in posts) return { ...found, fault: t(posts.key, posts.values), isHelpOpen: false }
  const loose = posts.rows.length === 0 && beforeId === undefined ? looser(typed) : undefined
  return { ...found, posts: posts.rows, olderCursor: posts.olderCursor, looser: loose }
}

/** The same with words that begin so, when plain words found nothing; undefined when there is no such word. */
function looser(typed: string): string | undefined {
  const words = typed.split(/\s+/)
  const isPlain = (word: string) => /^\p{L}[\p{L}\p{M}\p{N}]{2,}$/u.test(word)
  return typed.includes('"') || !words.some(isPlain) ? undefined : words.map((word) => (isPlain(word) ? `${word}*` : word)).join(' ')
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: string, found: Found): Promise<FastifyReply> {
  const { t, who, server } = request
  const { ctx } = server
  const isEmpty = found.accounts.length + found.posts.length + found.tags.length === 0
  const isModerator = hasRole(who, 'moderator')
  const steps = found.steps.some(({ isOk }) => !isOk) ? found.steps : []
  const details = await applyFilters(ctx, who, await loadPosts(ctx.db, who?.account.id, found.posts), 'public')
  const view: SearchView = {
    tabs: exploreTabs(request, '/search'),
    query: { value: typed, error: found.fault, autofocus: typed === '' || found.fault !== undefined },
    hasResults: typed !== '' && found.fault === undefined,
    accounts: await viewCards(request, found.accounts),
    posts: await viewPosts(request, details),
    tags: found.tags.map((tag) => ({ path: `/tags/${encodeURIComponent(tag)}`, label: `#${tag}` })),
    notice: noticeOf(request, found, isEmpty && found.fault === undefined && found.olderCursor === undefined ? typed : ''),
    // What an address leads to inside our network is not for everybody to learn.
    steps: steps.map(({ key, values, isOk, reason, error: detail }) => ({
      text: t(key, values),
      isOk,
      reason: reason === undefined ? undefined : t(`resolve.because-${reason}`),
      detail: isModerator ? detail : undefined
    })),
    againPath: steps.some(({ reason }) => reason !== undefined) ? '/search/again' : undefined,
    noticeLink: linkOf(request, found),
    operators: who ? exampleNames.map((name) => ({ example: t(`search.example-${name}`), text: t(`search.explain-${name}`) })) : [],
    isHelpOpen: found.isHelpOpen === true,
    suggestions: typed === '' ? await viewSuggestions(request) : [],
    pager: toPager(request, found.olderCursor)
  }
  return page(reply, 'search', view, { title: t('nav.search'), status: found.fault === undefined ? 200 : 422, cache: 'none' })
}

function noticeOf({ t }: FastifyRequest, { notice, steps, ...found }: Found, unfound: string): string | undefined {
  const isTried = steps.some(({ isOk }) => !isOk)
  if (notice !== undefined && (notice !== 'search.notResolved' || isTried)) return t(notice)
  if (found.posts.length === 0 && found.olderCursor !== undefined) return t('search.shortPage')
  return unfound === '' ? undefined : t('search.nothing', { query: unfound })
}

function linkOf({ t, url }: FastifyRequest, { notice, looser: again, accounts, tags }: Found): SearchView['noticeLink'] {
  if (notice === 'search.signInToAsk' || notice === 'search.signInForPosts') return { path: signInPathFor(url), label: t('nav.signIn') }
  if (again === undefined || accounts.length + tags.length > 0) return undefined
  return { path: `/search?q=${encodeURIComponent(again)}`, label: t('search.looser', { query: again }) }
}
