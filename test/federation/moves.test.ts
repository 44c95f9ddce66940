import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { and, eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows, mutes } from '#db/schema/follows.ts'
import { notifications } from '#db/schema/notifications.ts'
import { moveAccount } from '#server/accounts/move-account.ts'
import { createAccount } from '#server/sign-in/create-account.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { type RemoteActor, remote } from '#test/helpers/remote.ts'
import { whoIs } from '#test/helpers/who-is.ts'

const dayMs = 24 * 60 * 60_000

/** Whom somebody of ours follows, by id of the actor, with the state. */
async function followingOf({ ctx }: Instance, followerId: number): Promise<Record<string, string>> {
  const rows = await ctx.db
    .select({ uri: accounts.uri, state: follows.state })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, follows.followedId))
    .where(eq(follows.followerId, followerId))
  return Object.fromEntries(rows.map((row) => [row.uri, row.state]))
}

/** Has alice follow an actor, who accepts. */
async function follow(world: World, actor: RemoteActor, person = world.alice): Promise<void> {
  await world.knowing(actor)
  const account = await world.accountAt(actor.uri)
  await person.submit(`/accounts/${account?.id}/follow`)
  await world.instance.ctx.transact((tx) =>
    tx
      .update(follows)
      .set({ state: 'accepted' })
      .where(and(eq(follows.followedId, account?.id ?? 0), eq(follows.followerId, person.account.id)))
  )
  await world.instance.runJobs()
}

const move = (from: RemoteActor, to: { uri: string }, fields = {}) => from.activity('Move', from.uri, { target: to.uri, ...fields })

/** A follower of ana's, and ben, who says that ana was him. */
async function startMove(t: TestContext): Promise<World> {
  const world = await startWorld(t)
  world.b.document.alsoKnownAs = [world.a.uri]
  await follow(world, world.a)
  return world
}

test('whoever follows an account that moved follows the new one, is told so, and of the old one nothing is asked any more', async (t) => {
  const world = await startMove(t)
  world.instance.clock.advance(10 * dayMs)
  const before = world.servers.a.requests.length
  assert.equal((await world.a.send(move(world.a, world.b))).status, 202)
  await world.instance.runJobs()
  assert.deepEqual(await followingOf(world.instance, world.alice.account.id), { [world.b.uri]: 'pending' })
  const sent = [...world.servers.a.received, ...world.servers.b.received].map(({ activity }) => [activity.type, activity.object])
  assert.deepEqual(sent.at(-1), ['Follow', world.b.uri])
  assert.ok(world.servers.a.received.some(({ activity }) => activity.type === 'Undo'))
  assert.deepEqual(
    world.servers.a.requests.slice(before).filter((line) => line.startsWith('GET')),
    []
  )
  assert.equal((await world.accountAt(world.a.uri))?.movedToUri, world.b.uri)
  assert.match(await world.alice.page('/notifications'), /has moved/)
  assert.match(await world.alice.page(`/@${world.a.handle}`), /moved to another address/)
})

test('what was muted and blocked stays so under the new account; whoever blocks it, or is blocked by it, does not follow', async (t) => {
  const world = await startMove(t)
  const { instance } = world
  const [bob, cleo, dora] = [await instance.as('bob'), await instance.as('cleo'), await instance.as('dora')]
  await world.knowing(world.b)
  const [ana, ben] = [(await world.accountAt(world.a.uri))!, (await world.accountAt(world.b.uri))!]
  await bob.submit(`/accounts/${ana.id}/mute`)
  await cleo.submit(`/accounts/${ana.id}/block`)
  await follow(world, world.a, dora)
  await dora.submit(`/accounts/${ben.id}/block`)
  await follow(world, world.a, bob)
  await world.b.send(world.b.activity('Block', bob.account.uri))
  await instance.runJobs()
  await world.a.send(move(world.a, world.b))
  await instance.runJobs()
  const { db } = instance.ctx
  assert.equal((await db.select().from(mutes).where(eq(mutes.targetId, ben.id)))[0]?.accountId, bob.account.id)
  assert.ok((await db.select().from(blocks).where(eq(blocks.targetId, ben.id))).some((row) => row.accountId === cleo.account.id))
  assert.ok(world.servers.b.received.some(({ activity }) => activity.type === 'Block' && activity.actor === cleo.account.uri))
  assert.deepEqual(await followingOf(instance, dora.account.id), { [world.a.uri]: 'accepted' })
  assert.deepEqual(await followingOf(instance, bob.account.id), { [world.a.uri]: 'accepted' })
  assert.deepEqual(await followingOf(instance, world.alice.account.id), { [world.b.uri]: 'pending' })
})

for (const isLocked of [false, true])
  test(`somebody moves here from elsewhere, and is ${isLocked ? 'asked, being locked' : 'followed at once'}`, async (t) => {
    const world = await startWorld(t)
    const { instance, alice } = world
    const [nia, bob] = [await instance.as('nia'), await instance.as('bob')]
    await follow(world, world.a)
    await follow(world, world.a, bob)
    if (isLocked) await instance.ctx.transact((tx) => tx.update(accounts).set({ isLocked }).where(eq(accounts.id, nia.account.id)))
    assert.match((await nia.submit('/settings/moving/aliases', { alias: world.a.handle })).headers.location as string, /moving/)
    await world.a.send(move(world.a, nia.account))
    await instance.runJobs()
    const state = isLocked ? 'pending' : 'accepted'
    assert.deepEqual(await followingOf(instance, alice.account.id), { [nia.account.uri]: state })
    assert.deepEqual(await followingOf(instance, bob.account.id), { [nia.account.uri]: state })
    assert.match(await nia.page('/notifications'), isLocked ? /asks to follow you/ : /follows? you/)
  })

test('an Update that says movedTo shows the way and moves nobody', async (t) => {
  const world = await startMove(t)
  await world.a.send(world.a.activity('Update', { ...world.a.document, movedTo: world.b.uri }))
  await world.instance.runJobs()
  assert.equal((await world.accountAt(world.a.uri))?.movedToUri, world.b.uri)
  assert.deepEqual(await followingOf(world.instance, world.alice.account.id), { [world.a.uri]: 'accepted' })
})

test('many followers go along in steps, each with a Follow of its own', async (t) => {
  const world = await startMove(t)
  const makePerson = (at: number) =>
    createAccount(world.instance.ctx, { kind: 'operator' }, { name: `p${at}`, email: `p${at}@mail.test`, password: testPassword })
  const people = await Promise.all(Array.from({ length: 60 }, (_, at) => makePerson(at)))
  const ana = (await world.accountAt(world.a.uri))!
  await world.instance.ctx.transact(async (tx) => {
    for (const account of people) {
      const id = tx.newId()
      const uri = `${account.uri}#follow-${id}`
      await tx.insert(follows).values({ id, followerId: account.id, followedId: ana.id, state: 'accepted', uri, createdAt: tx.now })
    }
  })
  await world.a.send(move(world.a, world.b))
  await world.instance.runJobs()
  const ben = (await world.accountAt(world.b.uri))!
  assert.equal(await world.instance.ctx.db.$count(follows, eq(follows.followedId, ana.id)), 0)
  assert.equal(await world.instance.ctx.db.$count(follows, eq(follows.followedId, ben.id)), 61)
  assert.equal(world.servers.b.received.filter(({ activity }) => activity.type === 'Follow').length, 61)
  assert.equal(await world.instance.ctx.db.$count(notifications, eq(notifications.kind, 'move')), 61)
})

test('moving away needs the password and an alias at the new account; then Update and Move go out, and the old account is read-only', async (t) => {
  const instance = await startInstance(t)
  const [ana, bob] = [await instance.as('ana'), await instance.as('bob')]
  const far = await remote(t, instance, 'far.test')
  const [next, fan] = [await far.actor('next'), await far.actor('fan')]
  await fan.send(fan.activity('Follow', ana.account.uri))
  await bob.submit(`/accounts/${ana.account.id}/follow`)
  await instance.runJobs()
  const go = (password = testPassword) => ana.submit('/settings/moving/move', { target: next.handle, password })
  assert.equal((await go('wrong')).statusCode, 422)
  const refused = await go()
  assert.equal(refused.statusCode, 422)
  assert.match(refused.body, /does not name this one as its own/)
  next.document.alsoKnownAs = [ana.account.uri]
  assert.equal((await go()).statusCode, 303)
  await instance.runJobs()
  const told = far.received
    .filter(({ activity }) => activity.actor === ana.account.uri && activity.type !== 'Accept')
    .map(({ activity }) => activity)
  assert.deepEqual(
    told.map((activity) => activity.type),
    ['Update', 'Move']
  )
  assert.equal((told[0]!.object as { movedTo: string }).movedTo, next.uri)
  assert.deepEqual([told[1]?.object, told[1]?.target, told[1]?.to], [ana.account.uri, next.uri, [`${ana.account.uri}/followers`]])
  assert.deepEqual(await followingOf(instance, bob.account.id), { [next.uri]: 'pending' })
  assert.match((await ana.submit('/posts', { text: 'still here', visibility: 'public' })).body, /read-only/)
  assert.equal((await ana.submit(`/accounts/${bob.account.id}/follow`)).statusCode, 403)
  assert.match(await ana.page('/home'), /has moved and is read-only/)

  assert.equal((await ana.submit('/settings/moving/back')).statusCode, 303)
  await instance.runJobs()
  assert.equal('movedTo' in (far.received.at(-1)!.activity.object as object), false)
  assert.equal((await ana.submit('/posts', { text: 'back again', visibility: 'public' })).statusCode, 303)
  const again = await go()
  assert.equal(again.statusCode, 409)
  assert.match(again.body, /again in 30 days/)
  const who = await whoIs(instance, 'ana')
  instance.clock.advance(31 * dayMs)
  await moveAccount(instance.ctx, who, next.uri)
  assert.equal((await instance.guest().get('/@ana', { accept: 'application/activity+json' })).json().movedTo, next.uri)
})

test('one of ours moves to another of ours', async (t) => {
  const instance = await startInstance(t)
  const [ana, nia, bob] = [await instance.as('ana'), await instance.as('nia'), await instance.as('bob')]
  await bob.submit(`/accounts/${ana.account.id}/follow`)
  await nia.submit('/settings/moving/aliases', { alias: '@ana' })
  assert.equal((await ana.submit('/settings/moving/move', { target: '@nia', password: testPassword })).statusCode, 303)
  await instance.runJobs()
  assert.deepEqual(await followingOf(instance, bob.account.id), { [nia.account.uri]: 'accepted' })
  const actor = await instance.guest().get('/@ana', { accept: 'application/activity+json' })
  assert.equal(actor.json().movedTo, nia.account.uri)
})

test('aliases are added by handle, listed, served, bounded, and taken back', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const far = await remote(t, instance, 'far.test')
  const old = await far.actor('old')
  const aliasesOf = async () => (await instance.guest().get('/@ana', { accept: 'application/activity+json' })).json().alsoKnownAs
  assert.equal((await ana.submit('/settings/moving/aliases', { alias: '@nobody@far.test' })).statusCode, 422)
  assert.equal((await ana.submit('/settings/moving/aliases', { alias: '@ana' })).statusCode, 422)
  assert.equal((await ana.submit('/settings/moving/aliases', { alias: old.handle })).statusCode, 303)
  assert.deepEqual(await aliasesOf(), [old.uri])
  assert.match(await ana.page('/settings/moving'), /@old@far\.test/)
  await ana.submit('/settings/moving/aliases/remove', { uri: old.uri })
  assert.equal(await aliasesOf(), undefined)
})
