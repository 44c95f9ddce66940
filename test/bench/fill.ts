import { inBulk } from '#test/bench/bulk.ts'
import { firstIdAt } from '#server/platform/ids.ts'

const minuteMs = 60_000
const bodyHtml = `<p>${'The tide was out and the rocks were dry. '.repeat(7)}</p>`

export interface Population {
  /** Remote authors who post all the time, most active first. */
  active: number[]
  /** Remote authors whose posts all lie before those of the active ones. */
  dormant: number[]
}

/**
 * Fills a database with remote authors and their public posts, one a minute up to `newestAt`: the older tenth by the dormant
 * authors, the rest by the active ones. Written beside the running instance, in one transaction.
 */
export function fill(place: string, options: { authors: number; posts: number; newestAt: number; hosts?: number }): Promise<Population> {
  return inBulk(place, async (bulk) => {
    const [known] = await bulk.rows<{ n: number }>('select count(*) as n from accounts')
    const offset = known!.n * 10
    const ids = Array.from({ length: options.authors }, (_, index) => 1_000_000 + offset + index)
    const half = Math.floor(options.authors / 2)
    const dormant = ids.slice(0, half)
    const active = ids.slice(half)
    const oldCount = Math.floor(options.posts / 10)
    await bulk.insert('accounts', authorColumns, authors(ids, offset, options.hosts ?? 100))
    function* posts() {
      for (let index = 0; index < options.posts; index++) {
        const at = options.newestAt - (options.posts - index) * minuteMs
        const id = firstIdAt(at) + offset
        const author = authorOf(index < oldCount ? dormant : active, index)
        yield [id, `https://far.test/posts/${offset}-${index}`, author, id, bodyHtml, 'public', false, at]
      }
    }
    await bulk.fill('posts', ['id', 'uri', 'author_id', 'thread_id', 'html', 'visibility', 'is_local', 'created_at'], posts())
    return { active, dormant }
  })
}

const authorColumns = [
  'id',
  'name',
  'name_key',
  'domain',
  'uri',
  'inbox_url',
  'shared_inbox_url',
  'followers_url',
  'created_at',
  'fetched_at',
  'display_name'
]

function* authors(ids: readonly number[], offset: number, hosts: number): Iterable<readonly unknown[]> {
  for (const [index, id] of ids.entries()) {
    const name = `author${offset + index}`
    const host = `far${index % hosts}.test`
    const uri = `https://${host}/users/${name}`
    yield [id, name, name, host, uri, `${uri}/inbox`, `https://${host}/inbox`, `${uri}/followers`, 1, 1, name]
  }
}

/** Few write much: of ten posts three are by the first ten authors, three by the first two hundred, and four by all. */
function authorOf(authors: number[], index: number): number | undefined {
  const among = index % 10 < 3 ? 10 : index % 10 < 6 ? 200 : authors.length
  return authors[(index * 7) % Math.min(among, authors.length)]
}

/** Makes `followerId` follow all of `followed`, accepted. */
export function fillFollows(place: string, followerIds: number[], followedIds: number[]): Promise<void> {
  return inBulk(place, async (bulk) => {
    const [last] = await bulk.rows<{ n: number }>('select coalesce(max(id), 0) as n from follows')
    let id = last!.n
    const pairs = followerIds.flatMap((follower) => followedIds.map((followed) => [follower, followed]))
    const rows = pairs.map(([follower, followed]) => [
      ++id,
      follower,
      followed,
      'accepted',
      `urn:follow:${follower}:${followed}`,
      true,
      1,
      1
    ])
    await bulk.insert('follows', ['id', 'follower_id', 'followed_id', 'state', 'uri', 'show_boosts', 'created_at', 'accepted_at'], rows)
  })
}
