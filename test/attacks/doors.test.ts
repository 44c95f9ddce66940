import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { pollOptions } from '#db/schema/polls.ts'
import { attacksInTurn } from '#test/attacks/case.ts'
import { startWatch } from '#test/attacks/watch.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'

const asPeer = { accept: 'application/activity+json' }
const MB = 1_000_000

const files: [name: string, type: string, content: string][] = [
  ['evil.json', 'application/activity+json', '{"id":"https://skerry.test/media/evil.json","type":"Note"}'],
  ['evil.jsonld', 'application/ld+json', '{"@context":"https://www.w3.org/ns/activitystreams"}'],
  ['evil.html', 'text/html', '<script>alert(1)</script>'],
  ['evil.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
  ['evil.png', 'image/png', '{"id":"https://skerry.test/media/evil.png","type":"Note"}'],
  ['evil.png', 'image/png', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>']
]

attacksInTurn(
  'files that are no pictures',
  files.map(([filename, type, content]) => ({
    id: 'OWN-04',
    sends: `${filename} as ${type} is no picture, and nothing of it is served`,
    send: ({ alice }) => alice.submit('/posts', { text: '', images: { filename, type, bytes: Buffer.from(content) } }),
    answer: [415, 422]
  }))
)

const option = (at: number) => ({ type: 'Note', name: `option ${at}`, replies: { type: 'Collection', totalItems: 1 } })

attacksInTurn('what anybody may ask too much of', [
  {
    id: 'DOS-07',
    sends: 'a poll of 300 options is cut off',
    send: ({ a }) =>
      a.send(a.activity('Create', a.note('which?', { type: 'Question', oneOf: Array.from({ length: 300 }, (_, at) => option(at)) }))),
    answer: [202, 400],
    leaves: { posts: 1 },
    after: async ({ instance }) => assert.ok((await instance.ctx.db.$count(pollOptions)) <= 100)
  },
  {
    id: 'DOS-07',
    sends: 'a poll of 10,000 options is refused before it is parsed',
    send: ({ a }) =>
      a.send(a.activity('Create', a.note('which?', { type: 'Question', oneOf: Array.from({ length: 10_000 }, (_, at) => option(at)) }))),
    answer: [400, 413],
    asksMax: 0
  },
  {
    id: 'DOS-07',
    sends: 'names, biographies and fields of 1 MB are refused, and nothing of them is kept',
    send: async ({ alice }) => {
      const sent: Record<string, string>[] = [
        { displayName: 'x'.repeat(MB) },
        { note: 'x'.repeat(MB) },
        { 'fieldName-1': 'x'.repeat(MB), 'fieldValue-1': 'y' }
      ]
      const answers = []
      for (const fields of sent) answers.push(await alice.submit('/settings/profile', { displayName: 'alice', ...fields }))
      answers.push(await alice.submit('/posts', { text: 'x'.repeat(MB) }))
      return answers
    },
    answer: [413, 422],
    after: async ({ instance, alice }) => {
      const [row] = await instance.ctx.db.select().from(accounts).where(eq(accounts.id, alice.account.id))
      assert.ok(JSON.stringify(row).length < 5_000)
    }
  },
  {
    id: 'DOS-08',
    sends: 'a visitor asks for every page of the panel, with dear questions',
    send: async ({ instance }) => {
      const paths = instance.app.routeTable.flatMap(({ method, url }) => (method === 'GET' && url.startsWith('/admin') ? [url] : []))
      const guest = instance.guest()
      const answers = []
      for (const path of paths) answers.push(await guest.get(`${path.replace(/:\w+/g, '1')}?limit=1000000&q=${'%25'.repeat(500)}`))
      return answers
    },
    answer: [303, 401, 403, 404]
  },
  {
    id: 'DOS-09',
    sends: 'searches for what means something to a database, and by visitors for addresses elsewhere',
    send: async ({ instance, alice, e }) => {
      const typed = [
        '%',
        '_',
        '%%%%',
        `${'a'.repeat(9_000)}`,
        'NEAR(a b)',
        'a* ^b "',
        '(a|a)*$',
        `'; drop table posts; --`,
        '\\',
        'a AND',
        '-',
        '""',
        '#%',
        '@%'
      ]
      const answers = []
      for (const q of typed) for (const who of [alice, instance.guest()]) answers.push(await who.get(`/search?q=${encodeURIComponent(q)}`))
      answers.push(await instance.guest().get(`/search?q=${encodeURIComponent(e.uri)}`))
      for (const { body } of answers) assert.doesNotMatch(body, /sqlite|syntax error|fts5|tsquery/i)
      return answers
    },
    answer: [200, 422, 431],
    asksMax: 0
  },
  {
    id: 'DOS-10',
    sends: 'limits and places in lists that are none',
    send: async ({ instance }) => {
      const bad = [
        'limit=1000000',
        'page=-1',
        'max_id=abc',
        'max_id=99999999999999999999',
        'before=abc',
        'older=-1',
        'page=true&max_id=x',
        'cursor=%00',
        'page[]=1'
      ]
      const paths = ['/@alice', '/@alice/outbox', '/@alice/followers', '/federated', '/local']
      const answers = []
      for (const path of paths)
        for (const query of bad) for (const headers of [asPeer, {}]) answers.push(await instance.guest().get(`${path}?${query}`, headers))
      for (const { body } of answers) assert.ok(body.length < 200_000)
      return answers
    },
    answer: [200, 303, 400, 404, 422]
  },
  {
    id: 'MOV-06',
    sends: 'questions to WebFinger that have no answer',
    send: ({ instance }) => {
      const ask = (query: string) => instance.guest().get(`/.well-known/webfinger${query}`)
      const resources = [
        'acct:alice@evil.test',
        'acct:alice@skerry.test.evil.test',
        'https://evil.test/@alice',
        'acct:alice%00@skerry.test',
        'acct:@skerry.test',
        '../@alice'
      ]
      return Promise.all([
        ...resources.map((resource) => ask(`?resource=${encodeURIComponent(resource)}`)),
        ask(''),
        ask('?resource=acct:alice@skerry.test&resource=acct:bob@skerry.test'),
        ask(`?resource=acct:${'a'.repeat(10_000)}@skerry.test`)
      ])
    },
    answer: [400, 404, 431],
    asksMax: 0
  }
])

test('MOV-06: WebFinger knows alice under every way to write her handle, and leads nowhere else', async (t) => {
  const { instance } = await startWorld(t)
  for (const resource of ['acct:alice@skerry.test', 'acct:ALICE@SKERRY.TEST', '@alice@skerry.test', 'https://skerry.test/@alice']) {
    const answer = await instance.guest().get(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`)
    assert.equal(answer.statusCode, 200, resource)
    assert.equal(answer.json().subject, 'acct:alice@skerry.test')
    assert.equal(answer.headers['access-control-allow-origin'], '*')
  }
})

test('MOV-07: whoever is gone is gone from WebFinger too, and nobody takes the name', async (t) => {
  const { instance, alice } = await startWorld(t, { config: { instance: { signUp: 'open' } } })
  await instance.ctx.transact((tx) => tx.update(accounts).set({ deletedAt: tx.now }).where(eq(accounts.id, alice.account.id)))
  assert.equal((await instance.guest().get('/.well-known/webfinger?resource=acct:alice@skerry.test')).statusCode, 410)
  assert.equal((await instance.guest().get('/@alice', asPeer)).statusCode, 410)
  for (const name of ['alice', 'ALICE', 'Alice']) {
    const typed = { name, email: `${name}2@mail.test`, password: 'correct horse battery', consent: 'on' }
    assert.equal((await instance.guest().submit('/sign-up', typed)).statusCode, 409, name)
  }
})

test('MOV-08: a name in capitals is the same person', async (t) => {
  const { instance, alice } = await startWorld(t)
  const asked = await instance.guest().get('/@ALICE', asPeer)
  if (asked.statusCode === 200) assert.equal(asked.json().id, alice.account.uri)
  else assert.equal(new URL(String(asked.headers.location), 'https://skerry.test').pathname, '/@alice')
  const page = await instance.guest().get('/@Alice')
  assert.ok([200, 301, 302, 303, 308].includes(page.statusCode))
  const post = await write(instance, 'bob', 'Hello @ALICE@Skerry.test and @Alice')
  assert.equal((post.html.match(/href="https:\/\/skerry\.test\/@alice"/g) ?? []).length, 2)
})

test('DOS-04: signatures that do not fit the key we know cost little, and nobody else waits', async (t) => {
  const world: World = await startWorld(t)
  const { a, b, alice } = world
  await world.knowing(a)
  const forged = a.sign(a.activity('Like', 'https://skerry.test/x'), { privatePem: b.keys.privatePem })
  assert.equal((await world.servers.a.post(forged)).status, 401)
  const asked = world.fetches().length
  const watch = startWatch()
  const answers = Promise.all(Array.from({ length: 400 }, () => world.servers.a.post(forged)))
  assert.equal((await alice.get('/home')).statusCode, 200)
  for (const { status } of await answers) assert.ok([401, 429, 503].includes(status))
  // Whoever sends pays more for it than we do; both are counted here.
  await watch.hold({ cpuMsMax: 4_000, turnMsMax: 400, descriptorsMax: 900 })
  assert.equal(world.fetches().length, asked)
  assert.equal((await a.send(a.activity('Create', a.note('genuine')))).status, 202)
})
