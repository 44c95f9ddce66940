import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'

const profile = 'https://www.w3.org/ns/activitystreams'
const asked = [
  'application/activity+json',
  'Application/Activity+JSON',
  'application/activity+json; charset=utf-8',
  'application/ld+json',
  `application/ld+json; profile="${profile}"`,
  `application/ld+json;profile="${profile}"`,
  `application/ld+json; profile='${profile}'`,
  `application/ld+json; profile=${profile}`,
  `application/ld+json; charset=utf-8; profile="${profile} https://w3id.org/security"`,
  `application/activity+json, application/ld+json; profile="${profile}"`,
  `application/activity+json,application/ld+json;profile="${profile}",application/json`,
  'application/activity+json, text/html;q=0.1',
  'application/json'
]
const forPeople = [
  '*/*',
  'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'application/activity+json;q=0.1, text/html',
  ''
]

test('an actor and a post are documents however a server spells what it accepts, also to HEAD', async (t) => {
  const { as, app, config } = await startInstance(t)
  const ada = await as('ada')
  await ada.submit('/posts', { text: 'Hello', visibility: 'public' })
  const post = /href="(\/@ada\/\d+)"/.exec(await ada.page('/@ada'))?.[1] ?? ''
  for (const path of ['/@ada', post]) {
    for (const method of ['GET', 'HEAD'] as const) {
      for (const accept of [...asked, ...forPeople]) {
        const answer = await app.inject({ method, url: path, headers: { host: config.host, accept } })
        const type = forPeople.includes(accept) ? /^text\/html/ : /^application\/activity\+json/
        assert.equal(answer.statusCode, 200, `${method} ${path} for ${accept}`)
        assert.match(String(answer.headers['content-type']), type, `${method} ${path} for ${accept}`)
      }
    }
  }
})

test('WebFinger knows a person by each form of name that servers ask for', async (t) => {
  const { as, app, config } = await startInstance(t)
  await as('ada')
  const ask = (resource: string) => app.inject({ url: `/.well-known/webfinger?resource=${resource}`, headers: { host: config.host } })
  const forms = [
    'acct:ada@skerry.test',
    'acct%3Aada%40skerry.test',
    'acct:@ada@skerry.test',
    '@ada@skerry.test',
    'ada@skerry.test',
    'acct:ADA@Skerry.Test',
    'acct:ada@skerry.test:443',
    'https://skerry.test/@ada',
    'https%3A%2F%2Fskerry.test%2F%40ada',
    'acct:ada@skerry.test&rel=self'
  ]
  for (const form of forms) {
    const answer = await ask(form)
    assert.equal(answer.statusCode, 200, form)
    assert.equal(answer.json().subject, 'acct:ada@skerry.test', form)
    assert.equal(answer.json().links[0].href, 'https://skerry.test/@ada', form)
  }
  assert.equal((await ask('acct:ada@other.test')).statusCode, 404)
})

test('a list of posts explains every word that the posts in it use', async (t) => {
  const { as, app, config } = await startInstance(t)
  const ada = await as('ada')
  const poll = { pollOption1: 'Oars', pollOption2: 'Sails', pollChoice: 'one', pollEnds: '3600' }
  await ada.submit('/posts', { text: 'How shall we travel?', visibility: 'public', ...poll })
  const id = /id="post-(\d+)"/.exec(await ada.page('/@ada'))?.[1]
  await ada.submit(`/posts/${id}/pin`)
  for (const path of ['/@ada/outbox?page=1', '/@ada/featured']) {
    const list = (await app.inject({ url: path, headers: { host: config.host, accept: 'application/activity+json' } })).json()
    const [base, terms] = list['@context']
    assert.equal(base, profile)
    const [item] = list.orderedItems
    const post = item.object ?? item
    assert.equal(post['@context'], undefined, 'one context is enough')
    for (const word of ['votersCount', 'interactionPolicy']) {
      assert.ok(word in post, `${path}: the poll has ${word}`)
      assert.ok(word in terms, `${path}: ${word} is explained`)
    }
  }
})
