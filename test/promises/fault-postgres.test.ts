import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { dialectOfProcess } from '#db/dialect.ts'
import { becomeOwner } from '#test/flows/become-owner.ts'
import { placeFor, until, type Visitor } from '#test/flows/processes.ts'
import { ownPostgres } from '#test/promises/restart-postgres.ts'

const awayMs = 700
const skip = dialectOfProcess() === 'postgres' ? process.platform !== 'linux' && 'reads /proc' : 'on PostgreSQL only'

/** Posts without a pause until told to end; what was answered, by status. */
function keepPosting(visitor: Visitor, name: string) {
  const answers: { text: string; status: number; words: string }[] = []
  let isOver = false
  const running = (async () => {
    for (let count = 1; !isOver; count++) {
      const text = `${name} ${count}.`
      const answer = await visitor.submit('/posts', { text, visibility: 'public' })
      answers.push({ text, status: answer.status, words: answer.text })
    }
  })()
  return {
    answers,
    async end() {
      isOver = true
      await running
    }
  }
}

for (const how of ['fast', 'immediate'] as const) {
  test(`PostgreSQL goes away (${how}) and comes back under a running server: requests are refused clearly, then answered again`, {
    skip,
    timeout: 90_000
  }, async (t) => {
    const database = await ownPostgres(t)
    const server = await placeFor(t, 'red', { DATABASE_URL: database.url })
    await server.start()
    const olga = await becomeOwner(server, 'olga')
    const posting = keepPosting(olga, how)
    await until('some posts', async () => posting.answers.length > 5)
    await database.stop(how)
    await wait(awayMs)
    const gone = await server.visitor().get('/readyz')
    assert.equal(gone.status, 503)
    const page = await olga.get('/home')
    assert.equal(page.status, 503, page.text)
    database.start()
    await until('the page to be answered again', async () => (await olga.get('/home')).status === 200)
    const before = posting.answers.length
    await until('posts to be taken again', async () => posting.answers.slice(before).some(({ status }) => status === 303))
    await posting.end()

    const taken = posting.answers.filter(({ status }) => status === 303)
    const others = posting.answers.filter(({ status }) => status !== 303)
    assert.deepEqual([...new Set(others.map(({ status }) => status))], [503], 'everything else is refused as what passes')
    const rows = new Set((await database.query('select source from posts where source is not null')).map(({ source }) => source))
    assert.deepEqual(
      taken.filter(({ text }) => !rows.has(text)),
      [],
      'what was answered is there'
    )
    await until('the listener to be back', async () => {
      const [row] = await database.query(`select count(*) as count from pg_stat_activity where application_name = 'skerry listen'`)
      return Number(row?.count) === 1
    })
    await until('the queue to be empty', async () => {
      const [row] = await database.query(
        `select count(*) as count from jobs where locked_until is null and dead_at is null and kind not like 'schedule: %'`
      )
      return Number(row?.count) === 0
    })
    assert.equal((await server.end('SIGTERM')).code, 0, server.output())
  })
}
