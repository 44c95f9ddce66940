import BetterSqlite3 from 'better-sqlite3'
import { fillIndex } from '#test/bench/search.ts'

/** What every page has to show: each of these many posts, counted by the minute it came in, is made into something else. */
const kinds = { own: 25, direct: 20, local: 10, tagged: 5, boost: 8, favourite: 4 } as const
const repliesInThread = 60
const listMembers = 50

export interface Filled {
  listId: number
  /** Path of a post under which there are many. */
  threadPath: string
  /** Paths of somebody who writes much, elsewhere, and of somebody here. */
  busyPath: string
  localPath: string
}

/**
 * Makes a filled database one in which a reader has a life: posts of people here, their own, direct conversations, boosts, hashtags, lists, favourites,
 * bookmarks, notifications read and unread, followers; all of it in proportion to the posts there are.
 */
export function fillPages(file: string, readerId: number, localIds: readonly number[]): Filled {
  fillIndex(file, readerId)
  const db = new BetterSqlite3(file, { timeout: 10_000 })
  db.pragma('synchronous = OFF')
  const minute = '(created_at / 60000)'
  const every = (n: number, at: number) => `${minute} % ${n} = ${at}`
  const run = (text: string, ...values: unknown[]) => db.prepare(text).run(...values)
  const people = localIds.join(', ')
  db.transaction(() => {
    for (const [at, id] of localIds.entries())
      run(`update posts set author_id = ?, is_local = 1 where ${every(kinds.local * localIds.length, 1 + at * kinds.local)}`, id)
    run(`update posts set author_id = ?, is_local = 1 where ${every(kinds.own, 4)}`, readerId)
    run(`insert into post_tags (post_id, tag) select id, 'tide' from posts where ${every(kinds.tagged, 2)}`)
    run(`insert into post_tags (post_id, tag) select id, 'sea' from posts where ${every(kinds.tagged, 3)}`)
    run(`insert into followed_tags (id, account_id, tag, created_at) values (1, ?, 'sea', 1)`, readerId)
    // Somebody elsewhere with a full page of posts, however few there are, half of them replies.
    const busy = `(select id from accounts where domain is not null order by id desc limit 1)`
    run(`update posts set author_id = ${busy} where ${every(12, 11)} and not is_local`)
    run(`update posts set reply_to_uri = uri || '/parent', reply_to_author_id = author_id where author_id = ${busy} and ${every(24, 11)}`)
    const direct = every(kinds.direct, 7)
    run(`update posts set visibility = 'direct' where ${direct}`)
    run(`insert into post_mentions (post_id, account_id) select id, ? from posts where ${direct}`, readerId)
    run(`insert into post_audience (post_id, kind, account_id) select id, 'person', ? from posts where ${direct}`, readerId)
    run(
      `insert into conversations (account_id, thread_id, last_post_id, is_unread) select ?, thread_id, id, 0 from posts where ${direct}`,
      readerId
    )
    run(
      `insert into posts (id, uri, author_id, thread_id, boost_of_id, html, visibility, is_local, created_at)
       select id + 1, uri || '/boost', (select id from accounts where domain is not null order by id desc limit 1 offset 5), id + 1, id, '', 'public', 0, created_at + 1
       from posts where ${every(kinds.boost, 5)} and visibility = 'public'`
    )
    run(
      `insert or ignore into favourites (id, account_id, post_id, created_at) select id, ?, id, created_at from posts where ${every(kinds.favourite, 1)}`,
      readerId
    )
    run(
      `insert or ignore into bookmarks (id, account_id, post_id, created_at) select id, ?, id, created_at from posts where ${every(kinds.favourite, 2)}`,
      readerId
    )
    run(
      `insert or ignore into notifications (id, account_id, kind, from_id, post_id, created_at)
       select id, ?, 'favourite', (select min(id) from accounts where domain is not null) + id % 500, id, created_at from posts where author_id = ?`,
      readerId,
      readerId
    )
    run(
      `insert or ignore into notifications (id, account_id, kind, from_id, post_id, created_at)
       select id, ?, 'mention', author_id, id, created_at from posts where ${every(kinds.local, 9)} and author_id <> ? and boost_of_id is null`,
      readerId,
      readerId
    )
    run(
      `update users set notifications_read_id = (select id from notifications where account_id = ? order by id desc limit 1 offset 30) where account_id = ?`,
      readerId,
      readerId
    )
    run(
      `insert into lists (id, account_id, title, replies_policy, is_exclusive, created_at) values (1, ?, 'Sailors', 'members', 0, 1)`,
      readerId
    )
    run(
      `insert into list_members (id, list_id, owner_id, account_id, created_at)
       select id, 1, ?, followed_id, 1 from follows where follower_id = ? order by id limit ${listMembers}`,
      readerId,
      readerId
    )
    run(
      `insert into follows (id, follower_id, followed_id, state, uri, show_boosts, created_at, accepted_at)
       select followed_id + 900000000, followed_id, follower_id, 'accepted', uri || '/back', 1, 1, 1 from follows where follower_id = ?`,
      readerId
    )
  })()
  const root = db
    .prepare(
      `select id, uri, author_id as authorId from posts where author_id in (${people}) and visibility = 'public' order by id limit 1`
    )
    .get() as {
    id: number
    uri: string
    authorId: number
  }
  run(
    `update posts set thread_id = ?, reply_to_id = ?, reply_to_uri = ?, reply_to_author_id = ? where id in
     (select id from posts where visibility = 'public' and boost_of_id is null and not is_local order by id desc limit ${repliesInThread})`,
    root.id,
    root.id,
    root.uri,
    root.authorId
  )
  run(`update posts set replies_count = ? where id = ?`, repliesInThread, root.id)
  db.exec('analyze')
  const nameOf = (id: number) => (db.prepare('select name from accounts where id = ?').get(id) as { name: string }).name
  const busy = db.prepare('select name, domain from accounts where domain is not null order by id desc limit 1').get() as {
    name: string
    domain: string
  }
  const filled = {
    listId: 1,
    threadPath: `/@${nameOf(root.authorId)}/${root.id}`,
    busyPath: `/@${busy.name}@${busy.domain}`,
    localPath: `/@${nameOf(localIds[0]!)}`
  }
  db.close()
  return filled
}
