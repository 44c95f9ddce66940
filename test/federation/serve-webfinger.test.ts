import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'

const finger = (resource: string) => `/.well-known/webfinger?resource=${encodeURIComponent(resource)}`

test('WebFinger knows our people under every way to write their handle', async (t) => {
  const instance = await startInstance(t)
  await instance.as('alice')
  const peer = instance.guest()
  for (const resource of [
    'acct:alice@skerry.test',
    'acct:ALICE@Skerry.Test',
    '@alice@skerry.test',
    'alice@skerry.test',
    'https://skerry.test/@alice'
  ]) {
    const answer = await peer.get(finger(resource), { accept: '*/*' })
    assert.equal(answer.statusCode, 200, resource)
    assert.match(String(answer.headers['content-type']), /^application\/jrd\+json/)
    assert.equal(answer.headers['access-control-allow-origin'], '*')
    const jrd = answer.json()
    assert.equal(jrd.subject, 'acct:alice@skerry.test')
    assert.deepEqual(
      jrd.links.find((link: { rel: string }) => link.rel === 'self'),
      {
        rel: 'self',
        type: 'application/activity+json',
        href: 'https://skerry.test/@alice'
      }
    )
    assert.ok(jrd.links.some((link: { rel: string }) => link.rel === 'http://webfinger.net/rel/profile-page'))
    assert.match(jrd.links.find((link: { rel: string }) => link.rel.endsWith('/subscribe')).template, /\{uri\}/)
  }
})

test('WebFinger tells nothing of others, and says what is wrong with a question', async (t) => {
  const instance = await startInstance(t)
  await instance.as('alice')
  const peer = instance.guest()
  for (const [path, status] of [
    [finger('acct:alice@evil.test'), 404],
    [finger('acct:nobody@skerry.test'), 404],
    [finger('https://evil.test/@alice'), 404],
    ['/.well-known/webfinger', 400],
    ['/.well-known/webfinger?resource=', 400],
    [`${finger('acct:alice@skerry.test')}&resource=acct:bob@skerry.test`, 400],
    [finger(`acct:${'a'.repeat(10_000)}@skerry.test`), 400]
  ] as const) {
    const answer = await peer.get(path, { accept: '*/*' })
    assert.equal(answer.statusCode, status, path.slice(0, 100))
    assert.equal(answer.headers['access-control-allow-origin'], '*')
    assert.equal(answer.headers.location, undefined)
  }
})

test('with a handle domain of its own, WebFinger answers for the domain and for the host, and names the domain', async (t) => {
  const instance = await startInstance(t, { handleDomain: 'island.test' })
  await instance.as('alice')
  const peer = instance.guest()
  for (const [resource, host] of [
    ['acct:alice@island.test', 'island.test'],
    ['acct:alice@skerry.test', 'skerry.test']
  ] as const) {
    const answer = await peer.get(finger(resource), { host, accept: '*/*' })
    assert.equal(answer.statusCode, 200, resource)
    assert.equal(answer.json().subject, 'acct:alice@island.test')
    assert.equal(answer.json().links[0].href, 'https://skerry.test/@alice')
  }
})

test('the instance actor has a WebFinger entry, and host-meta leads there', async (t) => {
  const instance = await startInstance(t)
  const peer = instance.guest()
  const answer = await peer.get(finger('acct:instance@skerry.test'), { accept: '*/*' })
  assert.equal(answer.json().links[0].href, 'https://skerry.test/@instance')
  const meta = await peer.get('/.well-known/host-meta')
  assert.match(meta.body, /template="https:\/\/skerry\.test\/\.well-known\/webfinger\?resource=\{uri\}"/)
  assert.match(String(meta.headers['content-type']), /^application\/xrd\+xml/)
})

test('a rel parameter narrows the links', async (t) => {
  const instance = await startInstance(t)
  await instance.as('alice')
  const answer = await instance.guest().get(`${finger('acct:alice@skerry.test')}&rel=self`, { accept: '*/*' })
  assert.deepEqual(
    answer.json().links.map((link: { rel: string }) => link.rel),
    ['self']
  )
})

test('NodeInfo is served in both versions and counts those who live here', async (t) => {
  const instance = await startInstance(t)
  await instance.as('alice')
  const peer = instance.guest()
  const links = (await peer.get('/.well-known/nodeinfo', { accept: '*/*' })).json().links as { rel: string; href: string }[]
  assert.deepEqual(
    links.map((link) => link.href),
    ['https://skerry.test/nodeinfo/2.1', 'https://skerry.test/nodeinfo/2.0']
  )
  const sourceUrl = 'https://code.test/skerry'
  await instance.ctx.transact((tx) => instance.ctx.settings.change(tx, { sourceUrl }))
  assert.match(await peer.page('/about'), /<a href="https:\/\/code\.test\/skerry" rel="noopener">/)
  for (const version of ['2.0', '2.1']) {
    const answer = await peer.get(`/nodeinfo/${version}`, { accept: 'application/json' })
    const info = answer.json()
    assert.equal(info.version, version)
    assert.equal(info.software.name, 'skerry')
    assert.equal(info.software.repository, version === '2.1' ? sourceUrl : undefined, 'the earlier schema has no place for it')
    assert.deepEqual(info.protocols, ['activitypub'])
    assert.equal(info.usage.users.total, 1)
    assert.match(String(answer.headers['content-type']), new RegExp(`schema/${version}#`))
  }
})
