import type { FastifyRequest } from 'fastify'
import { suggestPeople } from '#server/search/suggest-people.ts'
import type { TrendRow } from '#server/trends/list-trends.ts'
import { viewCards } from '#server/web/views/account-cards.ts'
import type { AccountCardView } from '#server/web/views/account-view.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import { mainButton } from '#server/web/views/relation-view.ts'
import type { TrendView } from '#server/web/views/search-view.ts'

const suggestionsShown = 6
const linkCharactersShown = 60

/** The three pages for those who look for something new. */
export function exploreTabs({ t }: FastifyRequest, current: '/explore' | '/search' | '/directory'): TabView[] {
  const tabs = [
    { path: '/explore', label: t('explore.title') },
    { path: '/search', label: t('nav.search') },
    { path: '/directory', label: t('directory.title') }
  ]
  return tabs.map((tab) => ({ ...tab, isCurrent: tab.path === current }))
}

/** People to follow for whoever is signed in, each with a button that puts them away; nobody for strangers. */
export async function viewSuggestions(request: FastifyRequest): Promise<AccountCardView[]> {
  const { t, who, server } = request
  const { ctx } = server
  if (!who) return []
  const suggested = await suggestPeople(ctx.db, who.account.id, ctx.clock.now(), suggestionsShown)
  const reasons = new Map(
    suggested.map(({ account, sharedCount, fansCount }) => [
      account.id,
      sharedCount > 0 ? t('explore.followedBy', { count: sharedCount }) : t('explore.followedHere', { count: fansCount })
    ])
  )
  return viewCards(
    request,
    suggested.map(({ account }) => account),
    {
      buttonsOf: (account, relation) => {
        const follow = mainButton(account, relation, t)
        const name = t('explore.dismissName', { name: account.displayName || account.name })
        return [...(follow ? [follow] : []), { path: `/explore/${account.id}/dismissal`, label: t('explore.dismiss'), name, tone: 'plain' }]
      },
      badgesOf: ({ id }) => [reasons.get(id) ?? '']
    }
  )
}

/** A tag or a link with how many talk about it. */
export function viewTrend({ t }: FastifyRequest, { kind, key, people, posts }: TrendRow): TrendView {
  const text = t('explore.figures', { people, posts })
  return kind === 'tag' ? { path: `/tags/${encodeURIComponent(key)}`, label: `#${key}`, text } : { path: key, label: shownLink(key), text }
}

/** Host and path: where it leads has to be seen before anything else. */
export function shownLink(address: string): string {
  const url = URL.parse(address)
  const text = url ? `${url.host}${url.pathname === '/' ? '' : url.pathname}${url.search}` : address
  return text.length > linkCharactersShown ? `${text.slice(0, linkCharactersShown)}…` : text
}
