import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Logger } from 'pino'
import { createLog, createRequestIds } from '#server/platform/log.ts'

const pem = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----'

test('an event is one line of JSON with a level in words and a time', () => {
  const [line] = linesOf((log) => log.info({ account: 7 }, 'signed in'))
  const event = JSON.parse(line!)
  assert.equal(event.level, 'info')
  assert.equal(event.msg, 'signed in')
  assert.equal(event.account, 7)
  assert.ok(!Number.isNaN(Date.parse(event.time)))
})

test('line breaks, terminal escapes and turning characters never reach the terminal as such', () => {
  const hostile = 'a\r\n{"level":"error","msg":"forged"}\u001b[2J\u009b31m\u202eevil\u2028b\u0000'
  const lines = linesOf((log) => {
    log.info(hostile)
    log.info({ path: hostile, [hostile]: hostile, headers: { 'user-agent': hostile } }, 'seen')
    log.child({ reqId: hostile }).warn({ req: { method: 'GET', url: hostile, headers: { 'user-agent': hostile } } }, 'asked')
    log.error({ err: new Error(hostile) }, 'failed')
  })
  assert.equal(lines.length, 4)
  for (const line of lines) {
    assert.doesNotMatch(line, /[\p{Cc}\u202e\u2028]/u)
    assert.notEqual(JSON.parse(line).msg, 'forged')
  }
})

test('long texts are cut, and deep or wide objects are bounded', () => {
  const long = 'x'.repeat(100_000)
  const deep: Record<string, unknown> = {}
  let inner = deep
  for (let depth = 0; depth < 1000; depth++) inner = inner.next = {}
  const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]))
  const lines = linesOf((log) => {
    log.info(long)
    log.info({ id: long, list: Array(10_000).fill(1), deep, wide, req: { url: `/${long}`, headers: { 'user-agent': long } } }, 'seen')
    log.error({ err: new Error(long) }, 'failed')
  })
  assert.equal(lines.length, 3)
  for (const line of lines) assert.ok(line.length < 12_000, `a line of ${line.length} characters`)
})

test('a thing that refers to itself can be logged', () => {
  const loop: Record<string, unknown> = { name: 'loop' }
  loop.self = loop
  const error = new Error('round')
  error.cause = error
  assert.equal(linesOf((log) => log.info({ loop, err: error }, 'seen')).length, 1)
})

test('secrets stay out, wherever they stand', () => {
  const secret = 'hunter2-hunter2'
  const lines = linesOf((log) => {
    log.info({ password: secret, newPassword: secret, accessToken: secret, csrf: secret, cookie: secret, privateKeyPem: secret }, 'fields')
    log.info(
      { headers: { authorization: `Bearer ${secret}`, 'set-cookie': [secret], Signature: `keyId="x",signature="${secret}"` } },
      'headers'
    )
    log.info({ a: { b: { clientSecret: secret } } }, `signed in with Bearer ${secret}`)
    log.info({ url: `/reset?token=${secret}&next=/home`, back: `/cb?code=${secret}`, db: `postgres://user:${secret}@host/db` }, 'addresses')
    log.info({ req: { method: 'GET', url: `/oauth/authorize?client_secret=${secret}`, headers: { cookie: secret } } }, 'request')
    log.info({ body: `grant_type=password&password=${secret}`, key: pem }, pem)
    log.error({ err: failedQuery(secret) }, 'query')
    log.child({ token: secret }).info('child')
  })
  assert.equal(lines.length, 8)
  for (const line of lines) {
    assert.ok(!line.includes(secret), line)
    assert.ok(!line.includes('MIIEvQIBADANBg'), line)
  }
  assert.match(lines[3]!, /next=\/home/)
})

test('an error keeps its code, its cause and where it came from, and nothing else that hangs on it', () => {
  const error = Object.assign(new Error('outer', { cause: Object.assign(new Error('inner'), { code: 'ECONNRESET' }) }), {
    request: { body: 'private words' }
  })
  const [line] = linesOf((log) => log.error({ err: error }, 'failed'))
  const { err } = JSON.parse(line!)
  assert.equal(err.message, 'outer')
  assert.equal(err.cause.code, 'ECONNRESET')
  assert.match(err.stack, /log\.test\.ts/)
  assert.ok(!line!.includes('private words'))
})

test('request names count up behind their prefix', () => {
  const next = createRequestIds('k3x')
  assert.deepEqual([next(), next()], ['k3x-1', 'k3x-2'])
})

/** What drizzle throws: the parameters stand in the message, in the stack and beside. */
function failedQuery(secret: string): Error {
  return Object.assign(new Error(`Failed query: insert into "accounts" values (?, ?)\nparams: alice,${secret}`), { params: [secret] })
}

function linesOf(act: (log: Logger) => void): string[] {
  const written: string[] = []
  act(createLog('trace', { write: (line) => void written.push(line) }))
  return written
    .join('')
    .split('\n')
    .filter((line) => line !== '')
}
