import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interactions, quotes } from '#db/schema/quotes.ts'
import { deliveries } from '#db/schema/peers.ts'
import { pollVotes } from '#db/schema/polls.ts'
import { reactionCounts } from '#db/schema/reactions.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { type Answered, attacksInTurn, type Case } from '#test/attacks/case.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { everybody, type RemoteActor } from '#test/helpers/remote.ts'
import { whoIs } from '#test/helpers/who-is.ts'

type Json = Record<string, unknown>

const refused = [202, 400, 401, 403, 404]
const target = new WeakMap<World, Promise<string>>()

/** A public post of alice's, the same for all cases of one world. */
function alices(world: World): Promise<string> {
  let uri = target.get(world)
  if (!uri) target.set(world, (uri = write(world.instance, 'alice', 'genuine').then((post) => post.uri)))
  return uri
}

async function nothingAllowed({ instance }: World) {
  assert.equal(await instance.ctx.db.$count(interactions), 0)
  assert.equal(await instance.ctx.db.$count(quotes), 0)
  assert.equal(await instance.ctx.db.$count(deliveries), 0)
}

/** Requests that would have alice's server vouch for something. None is answered, and none leaves a trace. */
const requests: [what: string, build: (world: World, post: string) => Promise<{ by: RemoteActor; activity: Json }>][] = [
  [
    'for a post of another server',
    async ({ e, a }, post) => ({ by: e, activity: e.activity('QuoteRequest', post, { instrument: a.note('x').id }) })
  ],
  [
    'with a post of somebody else along',
    async ({ e, b }, post) => ({
      by: e,
      activity: e.activity('QuoteRequest', post, { instrument: { ...e.note('x', { quote: post }), attributedTo: b.uri } })
    })
  ],
  [
    'whose post along quotes something else',
    async ({ e }, post) => ({
      by: e,
      activity: e.activity('QuoteRequest', post, { instrument: e.note('x', { quote: 'https://b.test/1' }) })
    })
  ],
  [
    'under an id of another server',
    async ({ e }, post) => ({ by: e, activity: e.activity('QuoteRequest', post, { id: 'https://b.test/q/1', instrument: e.note('x').id }) })
  ],
  [
    'in the name of ben',
    async ({ e, b }, post) => ({ by: e, activity: { ...e.activity('QuoteRequest', post, { instrument: b.note('x').id }), actor: b.uri } })
  ],
  ['without a post', async ({ e }, post) => ({ by: e, activity: e.activity('QuoteRequest', post) })],
  [
    'for two posts at once',
    async ({ e }, post) => ({ by: e, activity: e.activity('QuoteRequest', [post, post], { instrument: e.note('x').id }) })
  ],
  [
    'for a post nobody here wrote',
    async ({ e, b }) => ({ by: e, activity: e.activity('QuoteRequest', b.note('x').id, { instrument: e.note('x').id }) })
  ],
  [
    'for what she told her followers',
    async ({ e, instance }) => {
      const { uri } = await write(instance, 'alice', 'a secret', 'followers')
      return { by: e, activity: e.activity('QuoteRequest', uri, { instrument: e.note('x').id }) }
    }
  ],
  [
    'for herself',
    async ({ e, alice }) => ({ by: e, activity: e.activity('QuoteRequest', alice.account.uri, { instrument: e.note('x').id }) })
  ],
  [
    'to like under another server’s id',
    async ({ e }, post) => ({
      by: e,
      activity: e.activity('LikeRequest', post, { instrument: { type: 'Like', id: 'https://b.test/likes/1', object: post } })
    })
  ],
  [
    'to boost, with a Like',
    async ({ e }, post) => ({
      by: e,
      activity: e.activity('AnnounceRequest', post, { instrument: { type: 'Like', id: `${e.uri}/1`, object: post } })
    })
  ],
  [
    'to reply in the name of ben',
    async ({ e, b }, post) => ({
      by: e,
      activity: e.activity('ReplyRequest', post, { instrument: { ...e.note('x', { inReplyTo: post }), attributedTo: b.uri } })
    })
  ]
]

attacksInTurn(
  'requests to be allowed something',
  requests.map(
    ([what, build]): Case => ({
      id: 'OWN-28',
      sends: `a request ${what}`,
      send: async (world) => {
        const { by, activity } = await build(world, await alices(world))
        return by.send(activity)
      },
      answer: refused,
      // The post that is asked about is alice's own.
      ...(what.includes('followers') ? { leaves: { posts: 1 } } : {}),
      before: async (world) => void (await alices(world)),
      after: nothingAllowed
    })
  )
)

test('OWN-28: a post of hers that nobody may quote is quoted by nobody, whatever stamp is shown', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, e, b } = world
  await alice.submit('/posts', { text: 'hands off', visibility: 'public', canQuote: 'nobody', idempotencyKey: '1' })
  const [post] = await world.saying('hands off')
  assert.ok(post)
  const stamps: [string, Json][] = [
    ['of the quoting server', { id: 'https://e.test/stamps/1', attributedTo: e.uri }],
    ['of the quoting server in her name', { id: 'https://e.test/stamps/2', attributedTo: alice.account.uri }],
    ['of a third server', { id: 'https://b.test/stamps/3', attributedTo: b.uri }]
  ]
  for (const [what, fields] of stamps) {
    const note = e.note(`quoting with a stamp ${what}`, { quote: post.uri })
    note.quoteAuthorization = fields.id
    const server = String(fields.id).startsWith('https://e.test') ? world.servers.e : world.servers.b
    const stamp = {
      '@context': note['@context'],
      type: 'QuoteAuthorization',
      ...fields,
      interactingObject: note.id,
      interactionTarget: post.uri
    }
    server.documents.set(new URL(String(fields.id)).pathname, stamp)
    await e.send(e.activity('Create', note))
  }
  // And a stamp that is said to be ours: the server that is asked for it is ourselves, which is not asked.
  const note = e.note('quoting with a stamp of ours', { quote: post.uri, quoteAuthorization: `${post.uri}/authorizations/1` })
  await e.send(e.activity('Create', note))
  await e.send(e.activity('QuoteRequest', post.uri, { instrument: note }))
  await instance.runJobs()
  const states = (await instance.ctx.db.select().from(quotes)).map(({ state }) => state)
  assert.equal(states.length, 4)
  assert.ok(!states.includes('accepted') && !states.includes('unverified'), states.join())
  for (const uri of [note.id])
    assert.doesNotMatch(await alice.page(`/@eve@e.test/${(await world.postAt(uri))?.id}`), /<blockquote class="quote">/)
})

const emoji = (fields: Json, icon: Json = { type: 'Image', url: 'https://e.test/blob.png' }) => ({
  type: 'Emoji',
  id: 'https://e.test/emoji/blob',
  name: ':blob:',
  icon,
  ...fields
})

/** Reactions that would say more than an emoji says. */
const texts: [what: string, fields: Json][] = [
  ['of 100,000 characters', { content: '👍'.repeat(50_000) }],
  ['of one emoji joined out of a thousand', { content: Array.from({ length: 1_000 }, () => '👩').join('\u200d') }],
  ['with marks that turn the text around', { content: '\u202e👍\u202c' }],
  ['with a zero-width space', { content: '👍\u200b' }],
  ['of two emoji', { content: '👍👎' }],
  ['of letters', { content: 'spam at https://e.test/' }],
  ['of a flag with hidden letters', { content: `\u{1f3f4}${'\u{e0067}'.repeat(40)}` }],
  ['of HTML', { content: '<img src=x onerror=alert(1)>' }],
  ['of a shortcode without a picture', { content: ':blob:' }],
  ['of another shortcode than its picture', { content: ':other:', tag: [emoji({})] }],
  ['of a shortcode with HTML', { content: ':<b>:', tag: [emoji({ name: ':<b>:' })] }],
  ['of a picture that is a program', { content: ':blob:', tag: [emoji({}, { type: 'Image', url: 'javascript:alert(1)' })] }],
  [
    'of a picture that is data',
    { content: ':blob:', tag: [emoji({}, { type: 'Image', url: 'data:image/svg+xml,<svg onload=alert(1)>' })] }
  ],
  ['of a picture that is a file', { content: ':blob:', tag: [emoji({}, { type: 'Image', url: 'file:///etc/passwd' })] }],
  ['that is an object', { content: { toString: 'x' } }]
]

attacksInTurn(
  'reactions that are none',
  texts.map(
    ([what, fields]): Case => ({
      id: 'JLD-12',
      sends: `a reaction ${what}`,
      send: async (world) => world.e.send(world.e.activity('EmojiReact', await alices(world), fields)),
      answer: [202, 400],
      before: async (world) => void (await alices(world))
    })
  )
)

test('a reaction with the emoji of another server is shown as that of its own', async (t) => {
  const world = await startWorld(t)
  const post = await write(world.instance, 'alice', 'genuine')
  const tag = [emoji({ id: 'https://skerry.test/emoji/blob', name: ':blob@skerry.test:' }), emoji({ name: ':blob:' })]
  await world.e.send(world.e.activity('EmojiReact', post.uri, { content: ':blob@skerry.test:', tag }))
  const kept = (await world.instance.ctx.db.select().from(reactionCounts)).map((row) => row.emoji)
  assert.ok(
    kept.every((name) => name.endsWith('@e.test:') || name.endsWith('@e.test')),
    kept.join()
  )
})

test('one vote counts once, also when twenty of it come at the same moment, and nobody votes for others', async (t) => {
  const world = await startWorld(t)
  const { instance, a, b, e } = world
  await world.knowing(a, b, e)
  const poll = { options: ['yes', 'no'], isMultiple: false, lastsS: 3_600 }
  const post = await publishPost(instance.ctx, await whoIs(instance, 'alice'), { text: 'shall we?', visibility: 'public', poll })
  const vote = (by: RemoteActor, name: string, fields: Json = {}) => ({
    id: `${by.uri}#votes/${Math.random()}`,
    type: 'Note',
    name,
    attributedTo: by.uri,
    to: [world.alice.account.uri],
    inReplyTo: post.uri,
    ...fields
  })
  const cast = (by: RemoteActor, object: unknown, more: Json = {}) =>
    by.send(by.activity('Create', object, { to: [world.alice.account.uri], ...more }))
  const sent: Promise<Answered>[] = []
  for (let turn = 0; turn < 20; turn++) sent.push(cast(e, vote(e, turn % 2 ? 'yes' : 'no')))
  for (const answer of await Promise.all(sent)) assert.equal(answer.status, 202)
  assert.equal(await instance.ctx.db.$count(pollVotes), 1)
  const forged = [
    cast(e, vote(b, 'yes')),
    cast(e, vote(e, 'yes', { attributedTo: b.uri })),
    cast(e, vote(e, 'yes'), { actor: b.uri }),
    cast(e, vote(e, 'yes', { id: `${b.uri}#votes/1` })),
    cast(
      a,
      Array.from({ length: 300 }, () => vote(b, 'yes'))
    ),
    cast(a, vote(a, 'yes', { attributedTo: b.uri })),
    cast(a, vote(a, 'maybe')),
    cast(a, vote(a, 'YES')),
    cast(a, vote(a, 'yes ', { name: 'y\u0435s' })),
    a.send(a.activity('Update', vote(a, 'yes'), { to: [world.alice.account.uri] })),
    a.send(a.activity('Announce', vote(a, 'yes'), { to: [everybody] }))
  ]
  for (const answer of await Promise.all(forged)) assert.ok(refused.includes(answer.status), answer.text)
  await instance.runJobs()
  assert.equal(await instance.ctx.db.$count(pollVotes), 1)
  assert.deepEqual(await instance.ctx.db.$count(interactions), 0)
})
