import BetterSqlite3 from 'better-sqlite3'
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
export function fill(file: string, options: { authors: number; posts: number; newestAt: number; hosts?: number }): Population {
  const db = new BetterSqlite3(file, { timeout: 10_000 })
  db.pragma('synchronous = OFF')
  const addAuthor = db.prepare(
    `insert into accounts (id, name, name_key, domain, uri, inbox_url, shared_inbox_url, followers_url, created_at, fetched_at, display_name)
     values (@id, @name, @name, @host, @uri, @uri || '/inbox', 'https://' || @host || '/inbox', @uri || '/followers', @at, @at, @name)`
  )
  const addPost = db.prepare(
    `insert into posts (id, uri, author_id, thread_id, html, visibility, is_local, created_at) values (@id, @uri, @author, @id, @html, 'public', 0, @at)`
  )
  const offset = (db.prepare('select count(*) as n from accounts').get() as { n: number }).n * 10
  const ids = Array.from({ length: options.authors }, (_, index) => 1_000_000 + offset + index)
  const half = Math.floor(options.authors / 2)
  const dormant = ids.slice(0, half)
  const active = ids.slice(half)
  const oldCount = Math.floor(options.posts / 10)
  db.transaction(() => {
    for (const [index, id] of ids.entries()) {
      const name = `author${offset + index}`
      const host = `far${index % (options.hosts ?? 100)}.test`
      addAuthor.run({ id, name, host, uri: `https://${host}/users/${name}`, at: 1 })
    }
    for (let index = 0; index < options.posts; index++) {
      const at = options.newestAt - (options.posts - index) * minuteMs
      const author = authorOf(index < oldCount ? dormant : active, index)
      addPost.run({ id: firstIdAt(at) + offset, uri: `https://far.test/posts/${offset}-${index}`, author, html: bodyHtml, at })
    }
  })()
  db.exec('analyze')
  db.close()
  return { active, dormant }
}

/** Few write much: of ten posts three are by the first ten authors, three by the first two hundred, and four by all. */
function authorOf(authors: number[], index: number): number | undefined {
  const among = index % 10 < 3 ? 10 : index % 10 < 6 ? 200 : authors.length
  return authors[(index * 7) % Math.min(among, authors.length)]
}

/** Makes `followerId` follow all of `followed`, accepted. */
export function fillFollows(file: string, followerIds: number[], followedIds: number[]): void {
  const db = new BetterSqlite3(file, { timeout: 10_000 })
  const add = db.prepare(
    `insert into follows (id, follower_id, followed_id, state, uri, show_boosts, created_at, accepted_at) values (@id, @follower, @followed, 'accepted', @uri, 1, 1, 1)`
  )
  let id = (db.prepare('select coalesce(max(id), 0) as n from follows').get() as { n: number }).n
  db.transaction(() => {
    for (const follower of followerIds)
      for (const followed of followedIds) add.run({ id: ++id, follower, followed, uri: `urn:follow:${follower}:${followed}` })
  })()
  db.close()
}
