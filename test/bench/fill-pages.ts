import { type Bulk, inBulk } from '#test/bench/bulk.ts'
import { fillIndex } from '#test/bench/search.ts'

/** What every page has to show: each of these many posts, counted by the minute it came in, is made into something else. */
const kinds = { own: 25, direct: 20, local: 10, tagged: 5, boost: 8, favourite: 4 } as const
const repliesInThread = 60
const listMembers = 50
const earlierNotifications = 1_200

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
export async function fillPages(place: string, readerId: number, localIds: readonly number[]): Promise<Filled> {
  await fillIndex(place, readerId)
  return inBulk(place, (bulk) => fillLife(bulk, readerId, localIds))
}

async function fillLife({ run, rows }: Bulk, readerId: number, localIds: readonly number[]): Promise<Filled> {
  const minute = '(created_at / 60000)'
  const every = (n: number, at: number) => `${minute} % ${n} = ${at}`
  // The first of them comes last, with a full page of posts however few there are.
  for (const [at, id] of [...localIds.entries()].reverse())
    await run(
      `update posts set author_id = ${id}, is_local = true where ${every(kinds.local * (at === 0 ? 2 : localIds.length), 1 + at * kinds.local)}`
    )
  await run(`update posts set author_id = ${readerId}, is_local = true where ${every(kinds.own, 4)}`)
  await run(`insert into post_tags (post_id, tag) select id, 'tide' from posts where ${every(kinds.tagged, 2)}`)
  await run(`insert into post_tags (post_id, tag) select id, 'sea' from posts where ${every(kinds.tagged, 3)}`)
  await run(`insert into followed_tags (id, account_id, tag, created_at) values (1, ${readerId}, 'sea', 1)`)
  // Somebody elsewhere with a full page of posts, however few there are, half of them replies.
  const busyId = `(select id from accounts where domain is not null order by id desc limit 1)`
  await run(`update posts set author_id = ${busyId} where ${every(12, 11)} and not is_local`)
  await run(
    `update posts set reply_to_uri = uri || '/parent', reply_to_author_id = author_id where author_id = ${busyId} and ${every(24, 11)}`
  )
  const direct = every(kinds.direct, 7)
  await run(`update posts set visibility = 'direct' where ${direct}`)
  await run(`insert into post_mentions (post_id, account_id) select id, ${readerId} from posts where ${direct}`)
  await run(`insert into post_audience (post_id, kind, account_id) select id, 'person', ${readerId} from posts where ${direct}`)
  await run(
    `insert into conversations (account_id, thread_id, last_post_id, is_unread) select ${readerId}, thread_id, id, false from posts where ${direct}`
  )
  await run(
    `insert into posts (id, uri, author_id, thread_id, boost_of_id, html, visibility, is_local, created_at)
     select id + 1, uri || '/boost', (select id from accounts where domain is not null order by id desc limit 1 offset 5), id + 1, id, '', 'public', false, created_at + 1
     from posts where ${every(kinds.boost, 5)} and visibility = 'public'`
  )
  const keep = (table: string, at: number) =>
    run(
      `insert into ${table} (id, account_id, post_id, created_at) select id, ${readerId}, id, created_at from posts where ${every(kinds.favourite, at)}
       on conflict do nothing`
    )
  await keep('favourites', 1)
  await keep('bookmarks', 2)
  const notify = (kind: string, from: string, where: string) =>
    run(
      `insert into notifications (id, account_id, kind, from_id, post_id, created_at) select id, ${readerId}, '${kind}', ${from}, id, created_at from posts where ${where}
       on conflict do nothing`
    )
  await notify('favourite', '(select min(id) from accounts where domain is not null) + id % 500', `author_id = ${readerId}`)
  await notify('mention', 'author_id', `${every(kinds.local, 9)} and author_id <> ${readerId} and boost_of_id is null`)
  // Pages look through so many of the newest: there are as many among few posts, or a page that is not full would be held against one that is.
  const first = `(select min(id) from posts where author_id = ${readerId})`
  await run(
    `insert into notifications (id, account_id, kind, from_id, post_id, created_at)
     select id - (select min(id) from accounts where domain is not null) + 1, ${readerId}, 'favourite', id, ${first}, 1 from accounts where domain is not null
     order by id limit ${earlierNotifications} on conflict do nothing`
  )
  await run(
    `update users set notifications_read_id = (select id from notifications where account_id = ${readerId} order by id desc limit 1 offset 30) where account_id = ${readerId}`
  )
  await run(
    `insert into lists (id, account_id, title, replies_policy, is_exclusive, created_at) values (1, ${readerId}, 'Sailors', 'members', false, 1)`
  )
  await run(
    `insert into list_members (id, list_id, owner_id, account_id, created_at)
     select id, 1, ${readerId}, followed_id, 1 from follows where follower_id = ${readerId} order by id limit ${listMembers}`
  )
  await run(
    `insert into follows (id, follower_id, followed_id, state, uri, show_boosts, created_at, accepted_at)
     select followed_id + 900000000, followed_id, follower_id, 'accepted', uri || '/back', true, 1, 1 from follows where follower_id = ${readerId}`
  )
  const [root] = await rows<{ id: number; uri: string; authorId: number }>(
    `select id, uri, author_id as "authorId" from posts where author_id in (${localIds.join(', ')}) and visibility = 'public' order by id limit 1`
  )
  const { id, uri, authorId } = root!
  await run(
    `update posts set thread_id = ${id}, reply_to_id = ${id}, reply_to_uri = '${uri}', reply_to_author_id = ${authorId} where id in
     (select id from posts where visibility = 'public' and boost_of_id is null and not is_local order by id desc limit ${repliesInThread})`
  )
  await run(`update posts set replies_count = ${repliesInThread} where id = ${id}`)
  const nameOf = async (of: number) => (await rows<{ name: string }>(`select name from accounts where id = ${of}`))[0]!.name
  const [busy] = await rows<{ name: string; domain: string }>(
    'select name, domain from accounts where domain is not null order by id desc limit 1'
  )
  return {
    listId: 1,
    threadPath: `/@${await nameOf(authorId)}/${id}`,
    busyPath: `/@${busy!.name}@${busy!.domain}`,
    localPath: `/@${await nameOf(localIds[0]!)}`
  }
}
