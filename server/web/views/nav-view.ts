import type { Translate } from '#server/platform/messages.ts'
import type { NavItemView, NavView } from '#server/web/views/chrome-view.ts'

interface NavFacts {
  /** Path of the signed-in person's profile, or undefined for strangers. */
  profilePath: string | undefined
  unreadCount: number
  /** Follow requests that wait. */
  requestCount: number
  /** May open /admin; `waitingCount` is what waits there. */
  isModerator: boolean
  waitingCount: number
  isSignUpOpen: boolean
  /** Path of the page that is shown, without its query. */
  currentPath: string
}

/** What is more is not counted; a badge has no room for it. */
const countedMax = 99

/** Places that are current on the pages below them too. */
const withPagesBelow = new Set(['/drafts', '/settings', '/admin', '/notifications', '/lists'])

/** Pages that stand in the tabs of another place. */
const tabsOf = new Map([
  ['/federated', '/local'],
  ['/approvals', '/notifications'],
  ['/explore', '/search'],
  ['/directory', '/search']
])

/** The navigation of a stranger, a person or a moderator: at most four places in front, the rest behind Menu on a phone. */
export function toNavView(facts: NavFacts, t: Translate): NavView {
  // How an import is doing is told at an address of its own, and belongs to the settings.
  const currentPath = facts.currentPath.startsWith('/imports/') ? '/settings/import' : facts.currentPath
  const unread = { count: facts.unreadCount, countText: facts.unreadCount ? t('nav.unread', { count: facts.unreadCount }) : '' }
  const requests = { count: facts.requestCount, countText: facts.requestCount ? t('nav.waiting', { count: facts.requestCount }) : '' }
  const waiting = { count: facts.waitingCount, countText: facts.waitingCount ? t('nav.waiting', { count: facts.waitingCount }) : '' }
  const place = (path: string, label: string, icon: string, { count, countText } = { count: 0, countText: '' }): NavItemView => ({
    path,
    label,
    icon,
    isCurrent: path === (tabsOf.get(currentPath) ?? currentPath) || (withPagesBelow.has(path) && currentPath.startsWith(`${path}/`)),
    count,
    badge: count > countedMax ? `${countedMax}+` : String(count),
    countText
  })
  if (facts.profilePath === undefined) {
    const join = facts.isSignUpOpen ? [place('/sign-up', t('nav.signUp'), 'join')] : []
    return {
      main: [
        place('/local', t('nav.local'), 'local'),
        place('/about', t('nav.about'), 'about'),
        place('/sign-in', t('nav.signIn'), 'enter'),
        ...join
      ],
      more: []
    }
  }
  return {
    main: [
      place('/home', t('nav.home'), 'home'),
      place('/notifications', t('nav.notifications'), 'notifications', unread),
      place('/local', t('nav.local'), 'local'),
      place('/search', t('nav.search'), 'search')
    ],
    more: [
      [
        place('/conversations', t('nav.conversations'), 'direct'),
        place('/lists', t('nav.lists'), 'list'),
        place('/tags', t('nav.tags'), 'tag'),
        place('/bookmarks', t('nav.bookmarks'), 'bookmark'),
        place('/favourites', t('nav.favourites'), 'favourite')
      ],
      [
        place(facts.profilePath, t('nav.profile'), 'profile'),
        place('/drafts', t('nav.drafts'), 'draft'),
        ...(facts.requestCount > 0 || facts.currentPath === '/follow-requests'
          ? [place('/follow-requests', t('nav.requests'), 'request', requests)]
          : [])
      ],
      [place('/settings', t('nav.settings'), 'settings'), ...(facts.isModerator ? [place('/admin', t('nav.admin'), 'admin', waiting)] : [])]
    ]
  }
}
