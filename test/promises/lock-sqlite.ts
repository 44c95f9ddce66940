import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import { becomeOwner, password } from '#test/flows/become-owner.ts'
import { exchange, type Visitor } from '#test/flows/processes.ts'
import { watchedPlace } from '#test/promises/places.ts'

/** What is promised is 0.2 s on a machine of its own; one wait inside the driver is 50 ms. */
const stallSecondsMax = 0.6
const pageEveryMs = 100

/**
 * A real server whose SQLite database is locked for `lockedMs` by another process (this one): pages are answered all the while, posts wait, and are
 * taken, or refused as what passes when it lasts longer than a person waits.
 */
export async function lockDatabase(t: TestContext, { lockedMs, mayRefuse }: { lockedMs: number; mayRefuse: boolean }): Promise<void> {
  const { server, port } = await watchedPlace(t, 'red')
  await server.start()
  const browsers: Visitor[] = [await becomeOwner(server, 'olga')]
  for (let count = 0; count < 3; count++) {
    const browser = server.visitor()
    assert.equal((await browser.submit('/sign-in', { login: 'olga', password })).status, 303)
    await browser.page('/home')
    browsers.push(browser)
  }
  const other = new BetterSqlite3(join(server.dataDir, 'skerry.sqlite'), { timeout: 5_000 })
  t.after(() => other.close())
  const metrics = async () => (await exchange(port, { path: '/metrics', headers: { host: `127.0.0.1:${port}` } })).text
  // Reading it once begins a new measurement.
  await metrics()

  other.exec('BEGIN IMMEDIATE')
  const startedAt = performance.now()
  let isLocked = true
  const posting = browsers.map(async (browser, place) => {
    const answer = await browser.submit('/posts', { text: `Under the lock, ${place}.`, visibility: 'public' })
    return { text: `Under the lock, ${place}.`, answer, wasLocked: isLocked }
  })
  let pages = 0
  while (performance.now() - startedAt < lockedMs) {
    const page = await server.visitor().get('/about')
    assert.equal(page.status, 200)
    assert.equal((await server.visitor().get('/readyz')).status, 200)
    pages++
    await wait(pageEveryMs)
  }
  const lag = Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(await metrics())?.[1])
  other.exec('ROLLBACK')
  isLocked = false
  const answers = await Promise.all(posting)
  t.diagnostic(`${pages} pages meanwhile; the event loop stood for ${Math.round(lag * 1_000)} ms at most`)
  assert.ok(lag < stallSecondsMax, `the event loop stood for ${lag} s`)
  assert.ok(pages > 3, `${pages} pages were answered meanwhile`)

  const sources = () =>
    other
      .prepare('select source from posts where source is not null')
      .all()
      .map((row) => (row as { source: string }).source)
  const stored = new Set(sources())
  for (const { text, answer, wasLocked } of answers) {
    assert.ok(answer.status === 303 || (mayRefuse && answer.status === 503), `${answer.status}: ${answer.text}`)
    assert.equal(stored.has(text), answer.status === 303, text)
    assert.equal(wasLocked, answer.status === 503, 'nothing is answered before it is decided')
    if (answer.status === 503) assert.match(answer.text, /try again/)
  }
  if (mayRefuse)
    assert.ok(
      answers.every(({ answer }) => answer.status === 503),
      'nobody waits for a lock without an end'
    )
  assert.equal((await browsers[0]!.submit('/posts', { text: 'Afterwards.', visibility: 'public' })).status, 303)
  assert.ok(sources().includes('Afterwards.'))
  assert.equal((await server.end('SIGTERM')).code, 0, server.output())
}
