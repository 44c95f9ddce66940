import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deliveries } from '#db/schema/peers.ts'
import { hearFromHost } from '#server/peers/peer-health.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { startInstance } from '#test/helpers/instance.ts'

const hour = 3_600_000
const days = 7
const postsADay = 6

for (const how of ['by our own try', 'by its first word'] as const) {
  test(`P5: a peer that was away for ${days} days gets every post when it is back, found ${how}`, async (t) => {
    const instance = await startInstance(t)
    const people = [await instance.as('alice'), await instance.as('bea')]
    const away = await startPeer(t, instance, 'away.test')
    const ben = await away.account('ben')
    for (const person of people) await away.follows(ben, person.account)
    away.answer = ({ json }) => (String(json.type) === 'Create' ? { status: 503 } : 'reset')
    const written: string[] = []
    for (let turn = 0; turn < days * postsADay; turn++) {
      const text = `Number ${turn}.`
      const isForBen = turn % 5 === 0
      const fields = isForBen ? { text: `@ben@away.test ${text}`, visibility: 'direct' } : { text, visibility: 'public' }
      assert.equal((await people[turn % 2]!.submit('/posts', fields)).statusCode, 303)
      written.push(text)
      await instance.runJobs()
      instance.clock.advance((24 * hour) / postsADay)
    }
    const tries = away.posts.length
    assert.ok(tries < days * 8, `${tries} tries in ${days} days are patience, not hammering`)

    away.posts.length = 0
    away.answer = () => ({ status: 202 })
    if (how === 'by its first word') await instance.ctx.transact((tx) => hearFromHost(tx, 'away.test'))
    for (let hours = 0; hours < (how === 'by its first word' ? 1 : 26); hours++) {
      await instance.runJobs()
      instance.clock.advance(hour)
    }
    const came = away.posts.map(({ json }) => /Number \d+\./.exec(json.object.content)![0])
    assert.deepEqual(came.toSorted(), written.toSorted(), 'each post once')
    assert.ok(away.activeMax <= 2, 'gently')
    assert.equal(await instance.ctx.db.$count(deliveries), 0)
  })
}
