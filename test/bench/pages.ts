import { fill, fillFollows } from '#test/bench/fill.ts'
import { type Filled, fillPages } from '#test/bench/fill-pages.ts'
import { goal, measure } from '#test/bench/harness.ts'
import { type BenchInstance, startBenchInstance } from '#test/bench/instance.ts'
import { signedInCookie } from '#test/bench/sign-in.ts'
import { createPerson } from '#test/helpers/people.ts'

const sizes = { few: 1_000, many: 1_000_000 } as const
const readsPerRepeat = 12
const followed = 200
const localPeople = 5
const mostOfPages = 1.5
const mostOfSearch = 3

/** Every page that somebody signed in reads of a day, and those of a guest, among a thousand posts and among a million. */
export async function pages(): Promise<void> {
  const [few, many] = [await populated(sizes.few), await populated(sizes.many)]
  const names = Object.keys(few.paths)
  const cases = names.flatMap((name) => [few, many].map((one) => ({ name, count: readsPerRepeat, run: () => read(one, name) })))
  const cpu = await measure(cases)
  console.log(`\nPages, CPU a page among ${sizes.few} posts and among ${sizes.many}`)
  const width = Math.max(...names.map((name) => name.length))
  for (const [place, name] of names.entries()) {
    const [small, large] = [cpu[place * 2]!, cpu[place * 2 + 1]!]
    const ratio = large.cpuMs / small.cpuMs
    console.log(
      `  ${name.padEnd(width)}  ${kibOf(few, name)} KiB ${kibOf(many, name)} KiB  ${small.cpuMs.toFixed(2).padStart(7)} ms ${large.cpuMs.toFixed(2).padStart(8)} ms  ${ratio.toFixed(2).padStart(6)} x`
    )
    goal(`CPU of a page at 1M posts to 1k, ${name}`, ratio, name.startsWith('search') ? mostOfSearch : mostOfPages)
  }
  await few.bench.close()
  await many.bench.close()
}

interface Populated {
  bench: BenchInstance
  /** By their names; those of a guest begin with "guest". */
  paths: Record<string, string>
  cookie: string
  /** Of each page, as last read: a page that is full among many posts alone is dearer by right. */
  bytes: Map<string, number>
}

async function populated(posts: number): Promise<Populated> {
  const bench = await startBenchInstance()
  const { ctx } = bench
  const { active } = fill(bench.file, { authors: 2_000, posts, newestAt: ctx.clock.now() - 60_000 })
  const reader = await createPerson(ctx, bench.app, 'reader', 'person')
  const locals = []
  for (let index = 0; index < localPeople; index += 1)
    locals.push((await createPerson(ctx, bench.app, `local${index}`, 'person')).account.id)
  fillFollows(bench.file, [reader.account.id], [...active.slice(0, followed - localPeople), ...locals])
  for (const text of ['spiders', 'football'])
    await reader.submit('/settings/filters/new', { title: text, action: 'warn', places: ['home', 'public'], keywords: text, expires: '' })
  const filled = fillPages(bench.file, reader.account.id, locals)
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

async function read({ bench, cookie, paths, bytes }: Populated, name: string): Promise<void> {
  const url = paths[name]!
  const headers = { host: 'bench.test', accept: 'text/html', ...(name.startsWith('guest') ? {} : { cookie }) }
  const answer = await bench.app.inject({ url, headers })
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${answer.payload.slice(0, 300)}`)
  bytes.set(name, answer.rawPayload.length)
}

function kibOf({ bytes }: Populated, name: string): string {
  return String(Math.round((bytes.get(name) ?? 0) / 1_024)).padStart(4)
}
