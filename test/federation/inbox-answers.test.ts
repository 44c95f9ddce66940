import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateRsaKeyPair } from '#server/platform/key-pair.ts'
import { createLog } from '#server/platform/log.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { signedHeaders } from '#test/helpers/sign-request.ts'

const storm = 20
/** A little more than lines are gathered for (web/request-log.ts). */
const gatherMs = 1_200

test('A storm of Deletes from strangers is answered in a bare status each, told in one line of the log, and counted', async (t) => {
  const lines: string[] = []
  const instance = await startInstance(t, { overrides: { log: createLog('info', { write: (line: string) => void lines.push(line) }) } })
  const { app, config, clock } = instance
  const { privatePem } = await generateRsaKeyPair()
  const keyId = 'https://gone.test/users/gus#main-key'
  for (let number = 0; number < storm; number += 1) {
    const uri = `https://gone.test/users/g${number}`
    const body = Buffer.from(JSON.stringify({ id: `${uri}#delete`, type: 'Delete', actor: uri, object: uri }))
    const headers = signedHeaders({ host: config.host, path: '/inbox', body, keyId, privatePem, now: clock.now() })
    const answer = await app.inject({ method: 'POST', url: '/inbox', headers, payload: body })
    assert.equal(answer.statusCode, 202)
    assert.equal(answer.body, '')
    assert.equal(answer.headers['content-security-policy'], undefined)
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.ok(answer.headers['x-request-id'])
  }
  const refused = await app.inject({
    method: 'POST',
    url: '/inbox',
    headers: { host: config.host, 'content-type': 'text/html' },
    payload: '<p>'
  })
  assert.equal(refused.statusCode, 415)
  assert.equal(refused.headers['x-content-type-options'], 'nosniff')

  await sleep(gatherMs)
  const told = lines.map((line) => JSON.parse(line)).filter((line) => line.path === '/inbox')
  assert.deepEqual(
    told.map(({ status, count }) => [status, count]).sort(),
    [
      [202, storm],
      [415, undefined]
    ].sort()
  )
  assert.match(
    (await instance.ctx.metrics.render()).text,
    new RegExp(`http_request_seconds_count\\{method="POST",route="/inbox",status="2xx"\\} ${storm}`)
  )
})
