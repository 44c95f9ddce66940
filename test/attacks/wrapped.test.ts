import assert from 'node:assert/strict'
import { attacksInTurn, type Case } from '#test/attacks/case.ts'
import { write } from '#test/federation/acts.ts'
import type { World } from '#test/federation/attack-world.ts'
import { everybody } from '#test/helpers/remote.ts'

type Json = Record<string, unknown>

const refused = [202, 400, 401, 403, 404]
const target = new WeakMap<World, Promise<string>>()

/** A public post of alice's, the same for all cases of one world. */
function alices(world: World): Promise<string> {
  let uri = target.get(world)
  if (!uri) target.set(world, (uri = write(world.instance, 'alice', 'genuine').then((post) => post.uri)))
  return uri
}

/** Activities within activities. Nobody but a community that is followed passes on what others said, and it passes on no more than that. */
const wrapped: [what: string, inner: (world: World, post: string) => Json][] = [
  ['a Create of ben’s', ({ b }) => b.activity('Create', { ...b.note('marker'), content: '<p>forged</p>' })],
  ['a Delete of alice’s post', (world, post) => world.b.activity('Delete', post)],
  [
    'an Update of alice’s post',
    ({ b }, post) => b.activity('Update', { id: post, type: 'Note', attributedTo: 'https://skerry.test/@alice', content: 'forged' })
  ],
  [
    'a Like by alice',
    ({ b }, post) => ({
      type: 'Like',
      id: 'https://skerry.test/likes/1',
      actor: 'https://skerry.test/@alice',
      object: b.note('x').id,
      target: post
    })
  ],
  ['a Follow of ben’s', ({ b, alice }) => b.activity('Follow', alice.account.uri)],
  ['a Block of alice', ({ b, alice }) => b.activity('Block', alice.account.uri)],
  ['a Move of ben', ({ b, e }) => b.activity('Move', b.uri, { target: e.uri })],
  ['an Undo of ben’s', ({ b }, post) => b.activity('Undo', b.activity('Like', post))],
  ['an Accept of ben’s', ({ b, alice }) => b.activity('Accept', { type: 'Follow', actor: alice.account.uri, object: b.uri })]
]

attacksInTurn(
  'activities within activities',
  wrapped.flatMap(([what, inner]) =>
    (['Person', 'Group'] as const).map(
      (type): Case => ({
        id: 'OWN-25',
        sends: `a ${type} announces ${what}`,
        before: async (world) => void (await alices(world)),
        send: async (world) => {
          const eve = type === 'Person' ? world.e : await world.servers.e.actor(`group${what.length}`, { type })
          return eve.send(eve.activity('Announce', inner(world, await alices(world)), { to: [everybody] }))
        },
        answer: refused,
        after: async (world) => {
          assert.deepEqual(await world.saying('forged'), [])
          assert.match((await world.postAt(await alices(world)))?.html ?? '', /genuine/)
          assert.equal((await world.accountAt(world.b.uri))?.movedToUri ?? null, null)
        },
        // What was really said is read at its own server, as with every boost.
        ...(what.startsWith('a Create') ? { leaves: { posts: 2 } } : {})
      })
    )
  )
)
