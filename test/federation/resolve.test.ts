import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import type { ResolveStep } from '#server/peers/fediverse.ts'
import { limitDomain, write } from '#test/federation/acts.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'

async function accountOf(instance: Instance, input: string) {
  const found = await instance.ctx.fediverse.resolve(input)
  if (found.kind !== 'account') return undefined
  const [row] = await instance.ctx.db.select().from(accounts).where(eq(accounts.id, found.accountId))
  return row
}

const jrd = (subject: string, href: string) => ({
  type: 'application/jrd+json',
  body: JSON.stringify({ subject, links: [{ rel: 'self', type: 'application/activity+json', href }] })
})
const fingerPath = (handle: string) => `/.well-known/webfinger?resource=${encodeURIComponent(`acct:${handle}`)}`

test('a handle leads through WebFinger to the account, and is not asked for again within a day', async (t) => {
  const instance = await startInstance(t)
  const peer = await remote(t, instance, 'near.test')
  const ana = await peer.actor('ana')
  for (const input of ['@ana@near.test', 'ana@near.test', 'acct:ana@near.test', '@ANA@Near.Test']) {
    assert.equal((await accountOf(instance, input))?.uri, ana.uri, input)
  }
  assert.equal(peer.requests.filter((line) => line === `GET ${new URL(ana.uri).pathname}`).length, 1)
  const before = peer.requests.length
  instance.clock.advance(25 * 3_600_000)
  assert.equal((await accountOf(instance, '@ana@near.test'))?.uri, ana.uri)
  assert.ok(peer.requests.length > before)
})

test('an address leads to an account or a post, asked signed and with content negotiation', async (t) => {
  const instance = await startInstance(t)
  const peer = await remote(t, instance, 'near.test')
  const ana = await peer.actor('ana')
  const note = ana.note('<p>found by its address</p>')
  assert.equal((await accountOf(instance, ana.uri))?.uri, ana.uri)
  const found = await instance.ctx.fediverse.resolve(note.id)
  assert.equal(found.kind, 'post')
  const [row] = await instance.ctx.db.select().from(posts).where(eq(posts.uri, note.id))
  assert.match(row?.html ?? '', /found by its address/)
  const before = peer.requests.length
  assert.deepEqual(await instance.ctx.fediverse.resolve(`${note.id}#fragment`), found)
  assert.equal(peer.requests.length, before, 'what is known is not asked for again')
})

test('our own addresses and handles are looked up here, however they are spelled, and never over HTTP', async (t) => {
  const instance = await startInstance(t, { handleDomain: 'island.test' })
  await instance.as('alice')
  const post = await write(instance, 'alice', 'mine')
  for (const input of [
    '@alice',
    'alice@skerry.test',
    '@Alice@ISLAND.test',
    'https://skerry.test/@alice',
    'HTTPS://SKERRY.TEST:443/@alice'
  ]) {
    assert.equal((await accountOf(instance, input))?.uri, 'https://skerry.test/@alice', input)
  }
  for (const input of [post.uri, `https://SKERRY.test:443/@alice/${post.id}`]) {
    assert.deepEqual(await instance.ctx.fediverse.resolve(input), { kind: 'post', postId: post.id }, input)
  }
  for (const input of ['https://skerry.test/@nobody', 'https://skerry.test/@alice/1', 'https://skerry.test/about', '@nobody@skerry.test']) {
    assert.deepEqual(await instance.ctx.fediverse.resolve(input), { kind: 'nothing' }, input)
  }
})

test('a handle on another domain than the server counts when that domain leads back to the same actor', async (t) => {
  const instance = await startInstance(t)
  const server = await remote(t, instance, 'social.split.test')
  const domain = await remote(t, instance, 'split.test')
  const ana = await server.actor('ana')
  server.documents.set(fingerPath('ana@social.split.test'), jrd('acct:ana@split.test', ana.uri))
  domain.documents.set(fingerPath('ana@split.test'), jrd('acct:ana@split.test', ana.uri))
  const account = await accountOf(instance, '@ana@split.test')
  assert.equal(account?.uri, ana.uri)
  assert.deepEqual([account?.name, account?.domain], ['ana', 'split.test'])
})

test('a community that bears the name of a person of its server is reached by its address, as long as nobody has the handle', async (t) => {
  const instance = await startInstance(t)
  for (const host of ['one.test', 'two.test']) {
    const server = await remote(t, instance, host)
    const person = await server.actor('linux')
    const group = await server.actor('c-linux', { type: 'Group', preferredUsername: 'linux' })
    const self = (href: string) => ({ rel: 'self', type: 'application/activity+json', href })
    server.documents.set(fingerPath(`linux@${host}`), {
      type: 'application/jrd+json',
      body: JSON.stringify({ subject: `acct:linux@${host}`, links: [self(person.uri), self(group.uri)] })
    })
    if (host === 'two.test') assert.equal((await accountOf(instance, `@linux@${host}`))?.uri, person.uri)
    assert.equal((await accountOf(instance, group.uri))?.type, host === 'one.test' ? 'Group' : undefined)
  }
})

test('nobody takes a handle of another domain by saying so', async (t) => {
  const instance = await startInstance(t)
  const evil = await remote(t, instance, 'evil.test')
  const honest = await remote(t, instance, 'honest.test')
  const mallory = await evil.actor('b')
  const b = await honest.actor('b')
  evil.documents.set(fingerPath('b@evil.test'), jrd('acct:b@honest.test', mallory.uri))
  const found = await accountOf(instance, '@b@evil.test')
  assert.deepEqual([found?.uri, found?.domain], [mallory.uri, 'evil.test'])
  const real = await accountOf(instance, '@b@honest.test')
  assert.deepEqual([real?.uri, real?.domain], [b.uri, 'honest.test'])
})

test('a blocked domain is not asked', async (t) => {
  const instance = await startInstance(t)
  const peer = await remote(t, instance, 'sub.blocked.test')
  await peer.actor('ana')
  await limitDomain(instance, 'blocked.test')
  for (const input of ['@ana@sub.blocked.test', 'https://sub.blocked.test/users/ana']) {
    assert.deepEqual(await instance.ctx.fediverse.resolve(input), { kind: 'nothing' })
  }
  assert.equal(peer.requests.length, 0)
})

test('whoever asks hears each step and why one failed', async (t) => {
  const instance = await startInstance(t)
  const peer = await remote(t, instance, 'near.test')
  await peer.actor('ana')
  const steps: ResolveStep[] = []
  await instance.ctx.fediverse.resolve('@ana@near.test', { onStep: (step) => steps.push(step) })
  assert.deepEqual(
    steps.map((step) => [step.key, step.isOk]),
    [
      ['resolve.webfinger', true],
      ['resolve.actor', true]
    ]
  )
  steps.length = 0
  await instance.ctx.fediverse.resolve('@nobody@near.test', { onStep: (step) => steps.push(step) })
  assert.equal(steps[0]?.isOk, false)
  assert.match(steps[0]?.error ?? '', /404/)
  const t1 = instance.ctx.messages.translator('en', { timeZone: 'UTC' })
  for (const key of [
    'resolve.actor',
    'resolve.blocked',
    'resolve.document',
    'resolve.known',
    'resolve.local',
    'resolve.post',
    'resolve.webfinger'
  ]) {
    assert.ok(t1(key, { host: 'a', handle: 'b', address: 'c' }).length > 0)
  }
})

test('an account is read from its origin again on demand, and nonsense resolves to nothing', async (t) => {
  const instance = await startInstance(t)
  const peer = await remote(t, instance, 'near.test')
  const ana = await peer.actor('ana')
  const account = await accountOf(instance, '@ana@near.test')
  ana.document.name = 'Ana, renamed'
  assert.equal((await instance.ctx.fediverse.refreshAccount(account?.id ?? 0))?.displayName, 'Ana, renamed')
  assert.equal(await instance.ctx.fediverse.refreshAccount(1), undefined)
  for (const input of [
    '',
    '   ',
    '@',
    'a b',
    '@a@b@c',
    'https://',
    'javascript:alert(1)',
    `@${'a'.repeat(5_000)}@near.test`,
    'https://no-such-host.near.test./x'
  ]) {
    assert.deepEqual(await instance.ctx.fediverse.resolve(input), { kind: 'nothing' }, input.slice(0, 50))
  }
})
