import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { posts } from '#db/schema/posts.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'

test('a remote actor nobody knew follows one of ours, and is sent an Accept', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  const mastodon = await remote(t, instance, 'mastodon.test')
  const bob = await mastodon.actor('bob')
  const answer = await bob.send(bob.activity('Follow', alice.account.uri))
  assert.equal(answer.status, 202, answer.text)
  const [follow] = await instance.ctx.db.select().from(follows)
  assert.equal(follow?.state, 'accepted')
  await instance.runJobs()
  assert.equal(mastodon.received[0]?.activity.type, 'Accept')
})
