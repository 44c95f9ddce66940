import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accounts } from '#db/schema/accounts.ts'
import { follows } from '#db/schema/follows.ts'
import { findAllInboxes, findFollowerInboxes } from '#server/peers/recipients.ts'
import { startInstance } from '#test/helpers/instance.ts'

test('P4: followers whose inboxes are made-up addresses on the server of others do not have us flood it', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const { account } = await instance.as('alice')
  const follow = (names: number, hostOf: (at: number) => string, inboxOf: (at: number) => string) =>
    ctx.transact(async (tx) => {
      for (let at = 0; at < names; at++) {
        const [id, host] = [tx.newId(), hostOf(at)]
        const uri = `https://${host}/users/${at}`
        const who = { name: `n${at}`, nameKey: `n${at}`, domain: host, host, uri, inboxUrl: inboxOf(at), createdAt: tx.now }
        await tx.insert(accounts).values({ id, ...who })
        await tx
          .insert(follows)
          .values({ id: tx.newId(), followerId: id, followedId: account.id, state: 'accepted', uri: `${uri}#f`, createdAt: tx.now })
      }
    })
  // Of one owner, whatever number of names below it.
  await follow(
    300,
    (at) => `h${at % 30}.evil.test`,
    (at) => `https://victim.test/inbox/${at}`
  )
  // Each of an owner of its own, whose inboxes somebody keeps for them; and a server with an inbox for each of its people.
  await follow(
    120,
    (at) => `blog-${at}.test`,
    (at) => `https://keeper.test/inbox/${at}`
  )
  await follow(
    120,
    () => 'honest.test',
    (at) => `https://honest.test/inbox/${at}`
  )
  for (const inboxes of [await findFollowerInboxes(ctx.db, account.id), await findAllInboxes(ctx.db)]) {
    const at = (host: string) => inboxes.filter(({ url }) => url.startsWith(`https://${host}/`)).length
    assert.deepEqual([at('victim.test'), at('keeper.test'), at('honest.test')], [100, 120, 120])
  }
})
