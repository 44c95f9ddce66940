import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { getAccount, readHandle } from '#server/accounts/find-account.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { findShownAccount } from '#server/accounts/shown-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { noRelation, type Relation, relationsOf } from '#server/follows/relations.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { type ProfileTab, profile, profileTagged } from '#server/timelines/profile.ts'
import { type History, isRunning, openHistory } from '#server/peers/histories.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { pinnedPosts } from '#server/posts/pins.ts'
import { tagKey } from '#server/posts/find-mentions.ts'
import { askLinksIfDue } from '#server/profiles/verify-links.ts'
import { writeNote } from '#server/profiles/notes.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { submitted, type Typed } from '#server/web/typed.ts'
import type { ProfilePageView } from '#server/web/views/account-view.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import { viewProfile } from '#server/web/views/profile-view.ts'
import { pageAsked, viewTimeline } from '#server/web/views/timeline-view.ts'
import { viewPosts } from '#server/web/views/view-posts.ts'
import { displayNameOf } from '#server/web/views/view-accounts.ts'

export type HandleRequest = FastifyRequest<{ Params: { handle: string } }>

const endings: Record<ProfileTab, string> = { posts: '', replies: '/replies', media: '/media' }
const labels: Record<ProfileTab, string> = { posts: 'profile.tabPosts', replies: 'profile.tabReplies', media: 'profile.tabMedia' }
const tabs = Object.keys(endings) as ProfileTab[]

/** `/@name` and `/@name@host[:port]`: who somebody is and what they wrote; `/replies` with their replies, `/media` what shows pictures. */
export function profileRoutes(app: FastifyInstance, ctx: Context): void {
  for (const tab of tabs) {
    app.get(
      `/@:handle${endings[tab]}`,
      { config: { access: 'anyone' }, constraints: { accept: 'html' } },
      async (request: HandleRequest, reply) => {
        const account = await accountAsked(ctx, request, reply, endings[tab])
        if (!account) return reply
        const viewerId = request.who?.account.id
        const relation = await relationTo(request, account)
        const isFirst = tab === 'posts' && !('before' in (request.query as object))
        const isBlocked = relation.isBlocking || relation.isBlockedBy
        if (request.who && isFirst && !isBlocked) await askLinksIfDue(ctx, account)
        const history = request.who && isFirst && !isBlocked ? await openHistory(ctx, account) : undefined
        const pinned = isFirst && !isBlocked ? await pinnedPosts(ctx.db, viewerId, account.id) : []
        const listed = await profile(ctx, viewerId, account.id, tab, pageAsked(request))
        const timeline = { ...listed, rows: listed.rows.filter(({ id }) => !pinned.some((post) => post.id === id)) }
        const emptyKey =
          pinned.length > 0
            ? 'profile.emptyButPinned'
            : tab === 'media'
              ? 'profile.emptyMedia'
              : account.domain === null
                ? 'profile.empty'
                : 'profile.emptyRemote'
        const view = {
          profile: await viewProfile(request, account, relation),
          tabs: isBlocked ? [] : tabsOf(request, account, tab),
          history: history && viewHistory(request, account, history),
          pinned: await viewPosts(request, await applyFilters(ctx, request.who, await loadPosts(ctx.db, viewerId, pinned), 'account'), {
            isPinned: true
          }),
          timeline: await viewTimeline(request, timeline, emptyKey, { place: 'account' })
        }
        return page(reply, 'profile', view, {
          title: request.t('profile.title', { name: displayNameOf(account), handle: handleOf(account) }),
          alternateUrl: account.uri,
          canonicalUrl: account.domain === null && isFirst ? account.uri : undefined,
          description: isFirst ? htmlToText(account.bioHtml) : undefined,
          isIndexable: isFirst && account.domain === null && account.isIndexable && account.silencedAt === null
        })
      }
    )
  }

  app.get(
    '/@:handle/tagged/:tag',
    { config: { access: 'anyone' }, constraints: { accept: 'html' } },
    async (request: FastifyRequest<{ Params: { handle: string; tag: string } }>, reply) => {
      const tag = tagKey(request.params.tag)
      if (tag === '') throw new Refusal('missing', 'errors.missing')
      const account = await accountAsked(ctx, request, reply, `/tagged/${encodeURIComponent(tag)}`)
      if (!account) return reply
      const listed = await profileTagged(ctx, request.who?.account.id, account.id, tag, pageAsked(request))
      const view = {
        profile: await viewProfile(request, account, await relationTo(request, account)),
        tabs: [...tabsOf(request, account, undefined), { path: `/${handleOf(account)}/tagged/${tag}`, label: `#${tag}`, isCurrent: true }],
        history: undefined,
        pinned: [],
        timeline: await viewTimeline(request, listed, 'profile.taggedEmpty', { place: 'account' })
      }
      return page(reply, 'profile', view, { title: request.t('profile.taggedTitle', { name: displayNameOf(account), tag }) })
    }
  )

  app.post<IdRequest>('/accounts/:id/note', { config: { access: 'signed-in' } }, async (request, reply) => {
    const account = await getAccount(ctx.db, idAsked(request))
    const show = (_request: FastifyRequest, _reply: FastifyReply, typed: Typed) => showNote(request, reply, account, typed)
    return submitted(show, async (_request, _reply, form) => {
      const text = form.text('note')
      await writeNote(ctx, request.who!, { accountId: account.id, text })
      setFlash(reply, 'good', text.trim() === '' ? 'flash.noteRemoved' : 'flash.noteSaved')
      return reply.redirect(`/${encodeURI(handleOf(account))}`, 303)
    })(request, reply)
  })

  // These are documents for peers; a person who opens their address means what they list.
  for (const ending of ['/outbox', '/featured']) {
    app.get(
      `/@:handle${ending}`,
      { config: { access: 'anyone' }, constraints: { accept: 'html' } },
      async (request: HandleRequest, reply) => {
        const account = await accountAsked(ctx, request, reply, ending)
        return account ? reply.redirect(`/${encodeURI(handleOf(account))}`, 303) : reply
      }
    )
  }
}

/**
 * The account of the address. Undefined once the answer is a redirect: to the one way to write the handle, or (for those signed in, when nobody
 * of that handle is known here) to the search, which asks its server. Refusals `missing` and `gone`.
 */
export async function accountAsked(
  ctx: Context,
  request: HandleRequest,
  reply: FastifyReply,
  ending: string
): Promise<Account | undefined> {
  const typed = request.params.handle
  const account = await findShownAccount(ctx, typed)
  if (!account) {
    if (!request.who || !readHandle(typed, ctx.config)?.domain) throw new Refusal('missing', 'errors.missing')
    reply.header('cache-control', 'no-store').redirect(`/search?q=${encodeURIComponent(`@${typed}`)}`, 303)
    return undefined
  }
  const handle = handleOf(account)
  if (`@${typed}` === handle) return account
  const query = request.url.indexOf('?')
  const search = query < 0 ? '' : request.url.slice(query)
  reply.header('cache-control', 'no-cache').redirect(`/${encodeURI(handle)}${ending}${search}`, 301)
  return undefined
}

/** Whether older posts are still on their way, or what their server did not give. Nothing reloads by itself: a link asks again. */
function viewHistory({ t, url, server }: FastifyRequest, account: Account, history: History): ProfilePageView['history'] {
  const values = { host: account.domain ?? '' }
  if (isRunning(history, server.ctx.clock.now()))
    return { text: t('profile.historyLoading', values), link: { path: url, label: t('profile.historyAgain') } }
  if (history.failed === 'outbox' || history.failed === 'all') return { text: t('profile.historyFailed', values), link: undefined }
  if (history.failed === 'featured') return { text: t('profile.historyNoPinned', values), link: undefined }
  if (history.missingCount === 0) return undefined
  return { text: t('profile.historyMissing', { ...values, count: history.missingCount }), link: undefined }
}

/** How the viewer stands to an account; nobody, and oneself, to nobody. */
export async function relationTo({ who, server: { ctx } }: FastifyRequest, account: Account): Promise<Relation> {
  if (!who || who.account.id === account.id) return noRelation
  const relations = await relationsOf(ctx.db, who.account.id, [account.id], ctx.clock.now())
  return relations.get(account.id) ?? noRelation
}

/** The profile again, with a note that was refused. */
async function showNote(request: FastifyRequest, reply: FastifyReply, account: Account, typed: Typed): Promise<FastifyReply> {
  const { ctx } = request.server
  const listed = await profile(ctx, request.who?.account.id, account.id, 'posts')
  const view = {
    profile: await viewProfile(request, account, await relationTo(request, account), typed),
    tabs: tabsOf(request, account, 'posts'),
    history: undefined,
    pinned: [],
    timeline: await viewTimeline(request, listed, 'profile.empty', { place: 'account' })
  }
  const title = request.t('profile.title', { name: displayNameOf(account), handle: handleOf(account) })
  return page(reply, 'profile', view, { title, status: typed.status })
}

function tabsOf({ t }: FastifyRequest, account: Account, current: ProfileTab | undefined): TabView[] {
  return tabs.map((tab) => ({ path: `/${handleOf(account)}${endings[tab]}`, label: t(labels[tab]), isCurrent: tab === current }))
}
