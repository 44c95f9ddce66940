import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import type { Account } from '#server/accounts/who.ts'
import { findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import type { GoToSocialAccount } from '#test/federation/gotosocial-account.ts'
import { type GoToSocial, startGoToSocial } from '#test/federation/gotosocial.ts'
import type { Json } from '#test/federation/gotosocial-rules.ts'
import { type Instance, type InstanceOptions, startInstance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'
import { postOnPage, stateOfFollow } from '#test/federation/seen.ts'

/** alice here, zork on GoToSocial. */
export interface GoToSocialWorld {
  instance: Instance
  alice: TestPerson
  gts: GoToSocial
  zork: GoToSocialAccount
  /** Of zork, as the instance knows it. */
  known(account?: GoToSocialAccount): Promise<Account>
  /** Sends to alice's inbox, and runs all that follows. */
  tell(activity: Json, from?: GoToSocialAccount): Promise<void>
  /** A post of zork's that alice was sent. */
  hear(text: string, fields?: Json): Promise<{ note: Json & { id: string }; post: PostRow }>
  /** A post of alice's. */
  say(text: string, fields?: Record<string, string>): Promise<PostRow>
  postAt(uri: string): Promise<PostRow | undefined>
  stateOf(follower: string, followed: string): Promise<string | undefined>
  /** zork follows alice, and alice zork. */
  befriend(): Promise<void>
  /** Fails when GoToSocial found anything wrong so far. */
  isContent(): void
}

export async function startGoToSocialWorld(t: TestContext, options: InstanceOptions = {}): Promise<GoToSocialWorld> {
  const instance = await startInstance(t, options)
  const { db } = instance.ctx
  const alice = await instance.as('alice')
  const gts = await startGoToSocial(t, instance)
  const zork = await gts.account('zork')
  const world: GoToSocialWorld = {
    instance,
    alice,
    gts,
    zork,
    async known(account = zork) {
      const [row] = await db.select().from(accounts).where(eq(accounts.uri, account.uri))
      assert.ok(row, `${account.uri} is known`)
      return row
    },
    async tell(activity, from = zork) {
      const answer = await from.send(activity, alice.account)
      assert.equal(answer.status, 202, answer.text)
      await instance.runJobs()
    },
    async hear(text, fields) {
      const note = zork.note(text, fields)
      await world.tell(zork.wrap('Create', note))
      const post = await world.postAt(note.id)
      assert.ok(post, 'the post came in')
      return { note, post }
    },
    say: (text, fields) => postOnPage(instance, alice, text, fields),
    postAt: (uri) => findPostByUri(db, uri),
    stateOf: (follower, followed) => stateOfFollow(instance, follower, followed),
    async befriend() {
      await world.tell(zork.activity('Follow', alice.account.uri, { id: zork.at('follow'), to: [alice.account.uri] }))
      zork.followed.add(String(alice.account.uri))
      await alice.submit(`/accounts/${(await world.known()).id}/follow`)
      await instance.runJobs()
      const follow = gts.of('Follow').at(-1)
      assert.ok(follow)
      const { '@context': _, ...bare } = follow
      await world.tell(zork.activity('Accept', bare, { to: [alice.account.uri] }))
      assert.equal(await world.stateOf(String(alice.account.uri), zork.uri), 'accepted')
      assert.equal(await world.stateOf(zork.uri, String(alice.account.uri)), 'accepted')
    },
    isContent: () => assert.deepEqual(gts.faults, [])
  }
  return world
}
