import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Database } from '#db/database.ts'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { jobs } from '#db/schema/jobs.ts'
import { notifications } from '#db/schema/notifications.ts'
import { deliveries } from '#db/schema/peers.ts'
import { posts } from '#db/schema/posts.ts'
import { becomeOwner } from '#test/flows/become-owner.ts'
import { until } from '#test/flows/processes.ts'
import { type FarActor, type FarPeer, type Json, startFarPeer } from '#test/promises/far-peer.ts'
import { countLeft, outwaitLeases, watchedPlace } from '#test/promises/places.ts'

const settleMsMax = 120_000
/** Activities on their way at one moment. */
const atOnce = 8
/** From the start of a flood to the kill: in the middle of it, and never at the same instant. */
const killAfterMs = { min: 150, max: 600 }
const inboxesCount = 60
const peersCount = 3

/**
 * A real server is killed (kill -9) in each round in the midst of a flood into its inbox: new posts, their edits and deletes. Every activity that was answered
 * 202 is there once after the restart, before anything is sent again; whatever was not answered is sent again, and is there once too.
 */
export async function killWhileReceiving(t: TestContext, { rounds }: { rounds: number }): Promise<void> {
  const { server, port, open } = await watchedPlace(t, 'red')
  const peer = await startFarPeer(t, 'far', { host: server.host, port })
  const ben = peer.actor('ben')
  await server.start()
  const database = await open()
  await becomeOwner(server, 'olga')
  const olga = `${server.origin}/@olga`
  assert.equal(await ben.send(ben.follow(olga)), 202)
  const said: Json[] = []
  for (let round = 1; round <= rounds; round++) {
    const killed = wait(randomInt(killAfterMs.min, killAfterMs.max)).then(() => server.end('SIGKILL'))
    const lanes = await Promise.all(Array.from({ length: atOnce }, (_, lane) => floodUntilKilled(ben, olga, `${round}-${lane}`)))
    await killed
    // What is acknowledged is there whether the server runs or not.
    const [taken, unsure] = [lanes.flatMap((each) => each.taken), lanes.flatMap((each) => each.unsure)]
    await checkNotes(database, [...said, ...taken], unsure)
    await outwaitLeases(database)
    await server.start()
    for (const activity of [...unsure, ...taken.filter((_, at) => at % 5 === 0)])
      assert.equal(await ben.send(activity), 202, `${activity.id}, again`)
    said.push(...taken, ...unsure)
    await checkNotes(database, said, [])
  }
  assert.ok(said.length >= rounds * atOnce, `${said.length} activities`)
  await outwaitLeases(database)
  await until('the queue to be empty', async () => (await countLeft(database)) === 0, settleMsMax)
  assert.equal(await database.reader.$count(notifications, eq(notifications.kind, 'mention')), said.length, 'one notification each')
  assert.equal(await database.reader.$count(jobs, isNotNull(jobs.deadAt)), 0, 'no job was given up')
}

function countReceived(peers: readonly FarPeer[]): number {
  return peers.reduce((sum, { received }) => sum + received.length, 0)
}

async function floodUntilKilled(ben: FarActor, olga: string, name: string): Promise<{ taken: Json[]; unsure: Json[] }> {
  const taken: Json[] = []
  for (let count = 1; ; count++) {
    const activity = ben.note(`${name}-${count}`, `Flood ${name}-${count}.`, olga)
    const status = await ben.send(activity)
    if (status === undefined) return { taken, unsure: [activity] }
    assert.equal(status, 202, activity.id)
    taken.push(activity)
  }
}

/** Every post of `there` once; of `perhaps` once or not at all; and nothing else. */
async function checkNotes(database: Database, there: readonly Json[], perhaps: readonly Json[]): Promise<void> {
  const uris = (activities: readonly Json[]) => activities.map(({ object }) => object.id as string)
  const rows = await database.reader.select({ uri: posts.uri }).from(posts).where(eq(posts.isLocal, false))
  const found = new Set(rows.map(({ uri }) => uri))
  assert.equal(found.size, rows.length, 'each once')
  assert.deepEqual(
    uris(there).filter((uri) => !found.has(uri)),
    [],
    'acknowledged, and there'
  )
  const allowed = new Set([...uris(there), ...uris(perhaps)])
  assert.deepEqual(
    [...found].filter((uri) => !allowed.has(uri)),
    []
  )
}

/**
 * A real server is killed in each round in the midst of sending posts, an edit and a delete to many inboxes of several peers. In the end each inbox has had
 * every activity at least once, of each post in their order, always under the same id and with the same words.
 */
export async function killWhileDelivering(t: TestContext, { rounds }: { rounds: number }): Promise<void> {
  const { server, port, open } = await watchedPlace(t, 'red')
  const peers = await Promise.all(Array.from({ length: peersCount }, (_, at) => startFarPeer(t, `far${at}`, { host: server.host, port })))
  await server.start()
  const database = await open()
  const olga = await becomeOwner(server, 'olga')
  await addFollowers(
    database,
    peers.map(({ origin }) => origin)
  )
  const wanted: { text: string; isEdited: boolean; isDeleted: boolean }[] = []
  for (let round = 1; round <= rounds; round++) {
    for (let count = 1; count <= 3; count++) {
      const text = `Round ${round}, post ${count}.`
      assert.equal((await olga.submit('/posts', { text, visibility: 'public' })).status, 303)
      const [post] = await database.reader.select().from(posts).where(eq(posts.source, text))
      if (count === 2) assert.equal((await olga.submit(`/posts/${post!.id}/edit`, { text: `${text} Edited.` })).status, 303)
      if (count === 3) assert.equal((await olga.submit(`/posts/${post!.id}/delete`)).status, 303)
      wanted.push({ text, isEdited: count === 2, isDeleted: count === 3 })
    }
    const before = countReceived(peers)
    await until('something to be sent', async () => countReceived(peers) > before)
    const last = `Round ${round}, the last.`
    assert.equal((await olga.submit('/posts', { text: last, visibility: 'public' })).status, 303)
    await wait(randomInt(0, 400))
    await server.end('SIGKILL')
    await outwaitLeases(database)
    await server.start()
    // Of what was being sent at that moment nobody knows whether it came: its Delete has to follow.
    const [post] = await database.reader.select().from(posts).where(eq(posts.source, last))
    assert.equal((await olga.submit(`/posts/${post!.id}/delete`)).status, 303)
  }
  await outwaitLeases(database)
  await until('the queue to be empty', async () => (await countLeft(database)) === 0, settleMsMax)
  assert.equal(await database.reader.$count(deliveries, isNotNull(deliveries.deadAt)), 0, 'no delivery was given up')
  const kept = await database.reader
    .select({ uri: posts.uri, source: posts.source })
    .from(posts)
    .where(and(eq(posts.isLocal, true), isNull(posts.deletedAt)))
  for (const { text, isEdited, isDeleted } of wanted) {
    if (isDeleted) continue
    const uri = kept.find(({ source }) => source === (isEdited ? `${text} Edited.` : text))?.uri
    assert.ok(uri, text)
  }
  const all = await database.reader
    .select({ uri: posts.uri, deletedAt: posts.deletedAt, editedAt: posts.editedAt })
    .from(posts)
    .where(eq(posts.isLocal, true))
  for (const peer of peers)
    for (let inbox = 0; inbox < inboxesCount / peersCount; inbox++) checkInbox(peer.receivedAt(`/inbox-${inbox}`), all)
}

/** Of each post: Create, then Update, then Delete, each of them at least once and never an older one for the first time after a newer one. */
function checkInbox(received: readonly Json[], all: readonly { uri: string; deletedAt: number | null; editedAt: number | null }[]): void {
  for (const { uri, deletedAt, editedAt } of all) {
    const about = received.filter(({ object }) => object === uri || object?.id === uri)
    const firsts = [...new Set(about.map(({ type }) => type as string))]
    if (deletedAt === null) assert.deepEqual(firsts, editedAt === null ? ['Create'] : ['Create', 'Update'], uri)
    // Where the Create was never tried, the Delete takes its place, or nothing has to be said.
    else assert.ok(['', 'Delete', 'Create,Delete'].includes(firsts.join()), `${uri}: ${firsts.join()}`)
    for (const type of firsts)
      assert.equal(new Set(about.filter((each) => each.type === type).map(({ id }) => id)).size, 1, `${type} of ${uri} has one id`)
  }
}

/** Followers with an inbox each, on every peer as many. */
async function addFollowers(database: Database, origins: readonly string[]): Promise<void> {
  await database.transact(async (tx) => {
    const [olga] = await tx.select().from(accounts).where(eq(accounts.nameKey, 'olga'))
    for (let at = 0; at < inboxesCount; at++) {
      const origin = origins[at % origins.length] as string
      const number = Math.floor(at / origins.length)
      const uri = `${origin}/users/f${number}`
      const id = tx.newId()
      const name = `f${number}`
      await tx
        .insert(accounts)
        .values({ id, name, nameKey: name, domain: new URL(origin).host, uri, inboxUrl: `${origin}/inbox-${number}`, createdAt: tx.now })
      const follow = { id: tx.newId(), followerId: id, followedId: olga!.id, state: 'accepted' as const }
      await tx.insert(follows).values({ ...follow, uri: `${uri}#f`, createdAt: tx.now, acceptedAt: tx.now })
    }
    await tx
      .update(accounts)
      .set({ followersCount: sql`followers_count + ${inboxesCount}` })
      .where(eq(accounts.id, olga!.id))
  })
}
