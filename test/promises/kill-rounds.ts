import assert from 'node:assert/strict'
import { randomInt, randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { eq, isNotNull, sql } from 'drizzle-orm'
import type { Database } from '#db/database.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { jobs } from '#db/schema/jobs.ts'
import { notifications } from '#db/schema/notifications.ts'
import { deliveries } from '#db/schema/peers.ts'
import { favourites, posts } from '#db/schema/posts.ts'
import { becomeOwner, password } from '#test/flows/become-owner.ts'
import { until, type Visitor } from '#test/flows/processes.ts'
import { type FarActor, type FarPeer, type Json, startFarPeer } from '#test/promises/far-peer.ts'
import { countLeft, outwaitLeases, watchedPlace } from '#test/promises/places.ts'

const settleMsMax = 120_000
/** From the last start to the kill: long enough that much is answered, and never the same instant. */
const killAfterMs = { min: 150, max: 700 }
/** Of what was taken, the part that is sent once more, as peers do that lost the answer. */
const repeatedEach = 4

/** What was sent in one round, by whether it was answered. */
interface Sent<T> {
  taken: T[]
  /** No answer, or a refusal: whoever sent it does not know, and sends it again. */
  unsure: T[]
}

interface Form {
  text: string
  idempotencyKey: string
}

/**
 * P1 and P2: a real server is killed (kill -9) in each round, while two browsers of one person post and a peer follows, mentions, likes and boosts.
 * What was answered is there in the end, each effect is there once, and each post reached the peer.
 */
export async function killInRounds(t: TestContext, { rounds }: { rounds: number }): Promise<void> {
  const { server, port, open } = await watchedPlace(t, 'red')
  const peer = await startFarPeer(t, 'far', { host: server.host, port })
  const ben = peer.actor('ben')
  await server.start()
  const database = await open()
  const browsers = [await becomeOwner(server, 'olga'), server.visitor()]
  assert.equal((await browsers[1]!.submit('/sign-in', { login: 'olga', password })).status, 303)
  await browsers[1]!.page('/home')
  const olga = `${server.origin}/@olga`
  assert.equal(await ben.send(ben.follow(olga)), 202)

  const forms: Form[] = []
  const activities: Json[] = []
  for (let round = 1; round <= rounds; round++) {
    const kill = wait(randomInt(killAfterMs.min, killAfterMs.max)).then(() => server.end('SIGKILL'))
    const posting = browsers.map((browser, place) => postUntilKilled(browser, `${round}-${place}`))
    const [byForm, byPeer] = await Promise.all([Promise.all(posting), speakUntilKilled(ben, peer, olga, round), kill])
    await outwaitLeases(database)
    await server.start()

    for (const { taken, unsure } of byForm) {
      forms.push(...taken, ...unsure)
      for (const form of unsure) assert.equal((await post(browsers[0]!, form))?.status, 303, `${form.text}, sent again`)
    }
    activities.push(...byPeer.taken, ...byPeer.unsure)
    for (const activity of [...byPeer.unsure, ...byPeer.taken.filter((_, place) => place % repeatedEach === 0)]) {
      assert.equal(await ben.send(activity), 202, `${activity.id}, sent again`)
    }
  }

  await outwaitLeases(database)
  await until('the queue to be empty', async () => (await countLeft(database)) === 0, settleMsMax)
  await server.end('SIGTERM')
  assert.ok(
    forms.length >= rounds && activities.length >= rounds,
    `something happened in each round (${forms.length}, ${activities.length})`
  )
  await checkForms(database, peer, forms)
  await checkActivities(database, activities)
  await checkCounters(database)
  assert.equal(await database.reader.$count(jobs, isNotNull(jobs.deadAt)), 0, 'no job was given up')
  assert.equal(await database.reader.$count(deliveries, isNotNull(deliveries.deadAt)), 0, 'no delivery was given up')
}

async function post(browser: Visitor, form: Form) {
  try {
    return await browser.submit('/posts', { visibility: 'public', ...form })
  } catch {
    return undefined // The server was killed before it answered.
  }
}

async function postUntilKilled(browser: Visitor, name: string): Promise<Sent<Form>> {
  const sent: Sent<Form> = { taken: [], unsure: [] }
  for (let count = 1; ; count++) {
    const form = { text: `Post ${name}-${count}.`, idempotencyKey: randomUUID() }
    const answer = await post(browser, form)
    if (answer?.status === 303) sent.taken.push(form)
    else {
      assert.equal(answer?.status, undefined, answer?.text)
      sent.unsure.push(form)
      return sent
    }
  }
}

/** Mentions olga, and likes and boosts whatever of hers has arrived and was not liked or boosted before. */
async function speakUntilKilled(ben: FarActor, peer: FarPeer, olga: string, round: number): Promise<Sent<Json>> {
  const sent: Sent<Json> = { taken: [], unsure: [] }
  const known = reactedTo.get(peer) ?? new Set<string>()
  reactedTo.set(peer, known)
  for (let count = 1; ; count++) {
    const fresh = peer.received.find(({ type, object }) => type === 'Create' && !known.has(object.id))?.object.id as string | undefined
    if (fresh !== undefined) known.add(fresh)
    const said = [
      ben.note(`${round}-${count}`, `Mention ${round}-${count}.`, olga),
      ...(fresh === undefined ? [] : [ben.like(fresh), ben.boost(fresh)])
    ]
    const statuses = await Promise.all(said.map((activity) => ben.send(activity)))
    for (const [place, status] of statuses.entries()) (status === 202 ? sent.taken : sent.unsure).push(said[place]!)
    if (statuses.includes(undefined)) return sent
  }
}

const reactedTo = new WeakMap<FarPeer, Set<string>>()

/** Each post once here, and at the peer at least once, always under the same ids. */
async function checkForms(database: Database, peer: FarPeer, forms: readonly Form[]): Promise<void> {
  const rows = await database.reader.select({ uri: posts.uri, source: posts.source }).from(posts).where(isNotNull(posts.source))
  assert.deepEqual(rows.map(({ source }) => source).sort(), forms.map(({ text }) => text).sort(), 'every post is there once')
  const creates = peer.received.filter(({ type }) => type === 'Create')
  const idsOf = new Map<string, Set<string>>(rows.map(({ uri }) => [uri, new Set()]))
  for (const { id, object } of creates) idsOf.get(object.id)?.add(id)
  assert.deepEqual(
    [...idsOf].filter(([, ids]) => ids.size !== 1),
    [],
    'every post arrived, under one id'
  )
}

/** Each activity had its effect once: the rows here are what the peer said, no more and no less. */
async function checkActivities(database: Database, activities: readonly Json[]): Promise<void> {
  const said = (type: string, idOf: (activity: Json) => string) =>
    activities
      .filter((each) => each.type === type)
      .map(idOf)
      .sort()
  const { reader } = database
  const remote = await reader
    .select({ id: posts.id, uri: posts.uri, boostOfId: posts.boostOfId })
    .from(posts)
    .where(eq(posts.isLocal, false))
  const notes = remote.filter(({ boostOfId }) => boostOfId === null)
  assert.deepEqual(
    notes.map(({ uri }) => uri).sort(),
    said('Create', ({ object }) => object.id)
  )
  const boosts = remote.filter(({ boostOfId }) => boostOfId !== null)
  assert.deepEqual(
    boosts.map(({ uri }) => uri).sort(),
    said('Announce', ({ id }) => id)
  )
  const likes = await reader.select({ uri: posts.uri }).from(favourites).innerJoin(posts, eq(posts.id, favourites.postId))
  assert.deepEqual(
    likes.map(({ uri }) => uri).sort(),
    said('Like', ({ object }) => object)
  )
  assert.equal(await reader.$count(follows), 1)
  const told = await reader
    .select({ kind: notifications.kind, count: sql`count(*)`.mapWith(Number) })
    .from(notifications)
    .groupBy(notifications.kind)
  const counted = Object.fromEntries(told.map(({ kind, count }) => [kind, count]))
  const expected = { mention: notes.length, boost: boosts.length, favourite: likes.length, follow: 1 }
  assert.deepEqual(counted, Object.fromEntries(Object.entries(expected).filter(([, count]) => count > 0)), 'one notification each')
}

/** What is counted along the way is what can be counted now. */
async function checkCounters(database: Database): Promise<void> {
  const wrong = await database.reader.rows(sql`
    select id from posts p where favourites_count <> (select count(*) from favourites f where f.post_id = p.id)
      or boosts_count <> (select count(*) from posts b where b.boost_of_id = p.id and b.deleted_at is null)`)
  assert.deepEqual(wrong, [], 'favourites and boosts')
  const [olga] = await database.reader.select().from(accounts).where(eq(accounts.nameKey, 'olga'))
  assert.equal(olga?.postsCount, await database.reader.$count(posts, eq(posts.isLocal, true)))
  assert.equal(olga?.followersCount, 1)
}
