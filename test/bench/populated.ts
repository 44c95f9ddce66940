import { fill, fillFollows } from '#test/bench/fill.ts'
import { type Filled, fillPages } from '#test/bench/fill-pages.ts'
import { type BenchInstance, startBenchInstance } from '#test/bench/instance.ts'
import { signedInCookie } from '#test/bench/sign-in.ts'
import { createPerson } from '#test/helpers/people.ts'

const followed = 200
const localPeople = 5

export interface Populated {
  bench: BenchInstance
  /** By their names; those of a guest begin with "guest". */
  paths: Record<string, string>
  cookie: string
  /** Of each page, as last read: a page that is full among many posts alone is dearer by right. */
  bytes: Map<string, number>
}

/** An instance with so many posts, and somebody signed in who has a life among them. */
export async function populated(posts: number): Promise<Populated> {
  const bench = await startBenchInstance()
  const { ctx } = bench
  const { active } = await fill(bench.place, { authors: 2_000, posts, newestAt: ctx.clock.now() - 60_000 })
  const reader = await createPerson(ctx, bench.app, 'reader', 'person')
  const locals = []
  for (let index = 0; index < localPeople; index += 1)
    locals.push((await createPerson(ctx, bench.app, `local${index}`, 'person')).account.id)
  await fillFollows(bench.place, [reader.account.id], [...active.slice(0, followed - localPeople), ...locals])
  for (const text of ['spiders', 'football'])
    await reader.submit('/settings/filters/new', { title: text, action: 'warn', places: ['home', 'public'], keywords: text, expires: '' })
  const filled = await fillPages(bench.place, reader.account.id, locals)
  return { bench, paths: pathsOf(filled), cookie: await signedInCookie(ctx, reader.account.id), bytes: new Map() }
}

function pathsOf({ listId, threadPath, busyPath, localPath }: Filled): Record<string, string> {
  const signedIn = {
    home: '/home',
    local: '/local',
    federated: '/federated',
    list: `/lists/${listId}`,
    hashtag: '/tags/tide',
    lists: '/lists',
    'followed hashtags': '/tags',
    bookmarks: '/bookmarks',
    favourites: '/favourites',
    conversations: '/conversations',
    notifications: '/notifications',
    'notifications, apart': '/notifications/requests',
    'notifications, mentions': '/notifications/mentions',
    'profile, here': localPath,
    'profile, elsewhere': busyPath,
    'profile, replies': `${busyPath}/replies`,
    'profile, media': `${busyPath}/media`,
    'own profile': '/@reader',
    followers: '/@reader/followers',
    following: '/@reader/following',
    thread: threadPath,
    'search of a word': '/search?q=seldom',
    'search of a common word': '/search?q=common',
    'search of people': '/search?q=author1',
    explore: '/explore',
    directory: '/directory',
    drafts: '/drafts',
    'follow requests': '/follow-requests',
    settings: '/settings',
    'settings, filters': '/settings/filters',
    'settings, mutes': '/settings/mutes',
    'settings, privacy': '/settings/privacy'
  }
  const guests = { 'guest, front': '/', 'guest, local': '/local', 'guest, profile': localPath, 'guest, thread': threadPath }
  return { ...signedIn, ...guests }
}
