import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import {
  Accept,
  type Activity,
  type Actor,
  Create,
  Follow,
  LanguageString,
  Note,
  PUBLIC_COLLECTION,
  type Object as AnyObject
} from '@fedify/fedify/vocab'
import type { Account } from '#server/accounts/who.ts'
import { findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { actorOf, type Hollo, type HolloAccount, startHollo } from '#test/federation/hollo.ts'
import { type Instance, type InstanceOptions, startInstance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'
import { postOnPage, stateOfFollow } from '#test/federation/seen.ts'

export type NoteValues = NonNullable<ConstructorParameters<typeof Note>[0]>

/** alice here, hong on Hollo. */
export interface HolloWorld {
  instance: Instance
  alice: TestPerson
  /** alice as Fedify reads her. */
  aliceThere: Actor
  hollo: Hollo
  hong: HolloAccount
  known(account?: HolloAccount): Promise<Account>
  /** Delivers to alice's server, and runs all that follows. */
  tell(activity: Activity): Promise<void>
  /** A post of hong's, in the ids of Hollo, public unless said otherwise, served. */
  note(text: string, values?: NoteValues): Promise<Note>
  create(note: AnyObject): Create
  hear(text: string, values?: NoteValues): Promise<{ note: Note; post: PostRow }>
  say(text: string, fields?: Record<string, string>): Promise<PostRow>
  press(path: string, fields?: Record<string, string>): Promise<void>
  postAt(uri: URL | string | null): Promise<PostRow | undefined>
  stateOf(follower: string, followed: string): Promise<string | undefined>
  accept(follow: Follow): Promise<void>
  befriend(): Promise<void>
}

export async function startHolloWorld(t: TestContext, options: InstanceOptions = {}): Promise<HolloWorld> {
  const instance = await startInstance(t, options)
  const { db } = instance.ctx
  const alice = await instance.as('alice')
  const hollo = await startHollo(t, instance)
  const hong = hollo.account('hong')
  const aliceThere = await actorOf(hollo, alice.account.uri)
  let count = 0
  const rowOf = async (uri: string) => (await db.select().from(accounts).where(eq(accounts.uri, uri)))[0]
  const world: HolloWorld = {
    instance,
    alice,
    aliceThere,
    hollo,
    hong,
    async known(account = hong) {
      const row = await rowOf(account.uri.href)
      assert.ok(row, `${account.uri} is known`)
      return row
    },
    async tell(activity) {
      await hong.send(activity, aliceThere)
      await instance.runJobs()
    },
    async note(text, values = {}) {
      const id = new URL(`/@hong/0199aa00-0000-7000-8000-${String(++count).padStart(12, '0')}`, hollo.origin)
      const note = new Note({
        id,
        attribution: hong.uri,
        contents: [`<p>${text}</p>\n`, new LanguageString(`<p>${text}</p>\n`, 'en')],
        published: await hollo.instant(instance.clock.now()),
        url: id,
        tos: [PUBLIC_COLLECTION],
        ...values
      })
      await hollo.serve(note)
      return note
    },
    create(note) {
      assert.ok(note.id)
      const { published } = note
      return new Create({ id: new URL('#create', note.id), actor: hong.uri, object: note, tos: note.toIds, ccs: note.ccIds, published })
    },
    async hear(text, values) {
      const note = await world.note(text, values)
      await world.tell(world.create(note))
      const post = await world.postAt(note.id)
      assert.ok(post, `“${text}” came in`)
      return { note, post }
    },
    say: (text, fields) => postOnPage(instance, alice, text, fields),
    async press(path, fields) {
      const { statusCode } = await alice.submit(path, fields)
      assert.equal(statusCode, 303, path)
      await instance.runJobs()
    },
    postAt: (uri) => findPostByUri(db, String(uri)),
    stateOf: (follower, followed) => stateOfFollow(instance, follower, followed),
    async accept(follow) {
      const object = new Follow({ id: follow.id, actor: follow.actorId, object: hong.uri })
      await world.tell(new Accept({ id: new URL(`${hong.uri}#accepts/${follow.actorId}`), actor: hong.uri, object }))
    },
    async befriend() {
      const to = aliceThere.id
      await world.tell(new Follow({ id: new URL(`${hong.uri}#follows/0199`), actor: hong.uri, object: to, to }))
      await world.press(`/accounts/${(await world.known()).id}/follow`)
      const follow = hollo.of(Follow).at(-1)
      assert.ok(follow)
      await world.accept(follow)
      const [here, there] = [String(alice.account.uri), hong.uri.href]
      assert.deepEqual([await world.stateOf(here, there), await world.stateOf(there, here)], ['accepted', 'accepted'])
    }
  }
  return world
}
