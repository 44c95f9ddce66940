import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import BetterSqlite3 from 'better-sqlite3'
import pg from 'pg'
import { dialectOfProcess } from '#db/dialect.ts'
import { firstIdAt } from '#server/platform/ids.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'

const size = Number(process.env.HOME_ROWS ?? 1_000_000)
const minuteMs = 60_000
/** Half of them wrote long ago and not since, the others all the time. */
const authorsCount = 6_000
const firstAuthorId = 1_000_000
/** What one home page may read of any table, whatever its size: what is followed, looked up a few times, and the newest posts. */
const rowsReadMax = (followed: number) => 10 * followed + 20_000
const isPostgres = dialectOfProcess() === 'postgres'

/** Reads and changes the database of an instance beside it. */
async function connectBeside(t: TestContext, { ctx }: Instance): Promise<(text: string) => Promise<void>> {
  if (isPostgres) {
    const client = new pg.Client({ connectionString: ctx.config.database.url })
    await client.connect()
    t.after(() => client.end())
    return async (text) => void (await client.query(text))
  }
  const file = new BetterSqlite3(join(ctx.config.dataDir, 'skerry.sqlite'), { timeout: 10_000 })
  file.pragma('synchronous = OFF')
  t.after(() => file.close())
  return async (text) => void file.exec(text)
}

/** Remote authors and their public posts, one a minute: the older tenth by those who fell silent. */
async function fill(run: (text: string) => Promise<void>, now: number): Promise<void> {
  const numbers = (count: number) =>
    isPostgres
      ? `(select n::bigint as n from generate_series(0, ${count - 1}) as n) as numbers`
      : `(with recursive counting(n) as (select 0 union all select n + 1 from counting where n < ${count - 1}) select n from counting) as numbers`
  const no = isPostgres ? 'false' : '0'
  await run(`insert into accounts (id, name, name_key, domain, uri, inbox_url, created_at, fetched_at, display_name)
    select ${firstAuthorId} + n, 'a' || n, 'a' || n, 'far.test', 'https://far.test/users/a' || n, 'https://far.test/users/a' || n || '/inbox', 1, 1, 'a' || n from ${numbers(authorsCount)}`)
  const half = authorsCount / 2
  const startAt = now - (size + 1) * minuteMs
  const idStep = minuteMs * (firstIdAt(now) - firstIdAt(now - 1))
  await run(`insert into posts (id, uri, author_id, thread_id, html, visibility, is_local, created_at)
    select ${firstIdAt(startAt)} + n * ${idStep}, 'https://far.test/posts/' || n,
      ${firstAuthorId} + case when n < ${Math.floor(size / 10)} then n % ${half} else ${half} + (n * 7919) % ${half} end,
      ${firstIdAt(startAt)} + n * ${idStep}, '<p>The tide was out.</p>', 'public', ${no}, ${startAt} + n * ${minuteMs} from ${numbers(size)}`)
  await run('analyze')
}

let followsCount = 0

async function follow(run: (text: string) => Promise<void>, followerId: number, followed: readonly number[]): Promise<void> {
  const yes = isPostgres ? 'true' : '1'
  const rows = followed.map((id) => `(${(followsCount += 1)}, ${followerId}, ${id}, 'accepted', 'urn:f:${followerId}:${id}', ${yes}, 1, 1)`)
  await run(
    `insert into follows (id, follower_id, followed_id, state, uri, show_boosts, created_at, accepted_at) values ${rows.join(', ')}`
  )
  await run('analyze follows')
}

/** The statements that ran while `work` did, with their values (PostgreSQL only). */
async function statementsOf(work: () => Promise<unknown>): Promise<{ text: string; values: unknown[] }[]> {
  const seen = new Map<string, unknown[]>()
  const [sqlite, postgres] = [BetterSqlite3.prototype, pg.Client.prototype] as unknown as Record<string, (...given: unknown[]) => unknown>[]
  const [prepare, query] = [sqlite!.prepare!, postgres!.query!]
  sqlite!.prepare = function (this: unknown, ...given) {
    seen.set(String(given[0]), [])
    return prepare.apply(this, given)
  }
  postgres!.query = function (this: unknown, ...given) {
    const first = given[0] as string | { text: string; values?: unknown[] }
    const values = Array.isArray(given[1]) ? given[1] : typeof first === 'object' ? first.values : undefined
    seen.set(typeof first === 'string' ? first : first.text, values ?? [])
    return query.apply(this, given)
  }
  try {
    await work()
  } finally {
    sqlite!.prepare = prepare
    postgres!.query = query
  }
  return [...seen].filter(([text]) => /^\s*(select|with)\b/i.test(text)).map(([text, values]) => ({ text, values }))
}

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  Plans?: PlanNode[]
}

/** Rows that were read from tables, thrown away or not. */
function rowsRead(node: PlanNode): number {
  const own =
    node['Relation Name'] === undefined
      ? 0
      : node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  return own * node['Actual Loops'] + (node.Plans ?? []).reduce((sum, plan) => sum + rowsRead(plan), 0)
}

async function checkPlans(
  t: TestContext,
  { ctx }: Instance,
  name: string,
  followed: number,
  statements: { text: string; values: unknown[] }[]
): Promise<void> {
  if (!isPostgres) {
    const file = new BetterSqlite3(join(ctx.config.dataDir, 'skerry.sqlite'), { readonly: true })
    t.after(() => file.close())
    for (const { text } of statements) {
      const plan = file
        .prepare(`explain query plan ${text}`)
        .all(...(/\?/.test(text) ? [Array.from({ length: text.split('?').length - 1 }, () => 1)] : [])) as { detail: string }[]
      for (const { detail } of plan) {
        const [, table] = /^SCAN (\w+)(?! USING (?:COVERING )?INDEX)/.exec(detail) ?? []
        assert.ok(!['posts', 'accounts', 'follows', 'p', 'original'].includes(table ?? ''), `${name}: ${detail} in ${text}`)
      }
    }
    return
  }
  const client = new pg.Client({ connectionString: ctx.config.database.url })
  await client.connect()
  t.after(() => client.end())
  let read = 0
  for (const { text, values } of statements) {
    const { rows } = await client.query(`explain (analyze, format json) ${text}`, values)
    read += rowsRead(rows[0]['QUERY PLAN'][0].Plan)
  }
  t.diagnostic(`${name}: ${read} rows read of ${size}`)
  assert.ok(read <= rowsReadMax(followed), `${name}: ${read} rows were read for ${followed} followed`)
}

test(`home over ${size} posts reads what is followed and what is newest, and never all of it`, async (t) => {
  const instance = await startInstance(t)
  const run = await connectBeside(t, instance)
  await fill(run, instance.clock.now() - minuteMs)
  const ids = Array.from({ length: authorsCount }, (_, index) => firstAuthorId + index)
  let seen = 0
  const readers: Record<string, number[]> = {
    'ten-active': ids.slice(-10),
    'many-active': ids.slice(-2_500),
    'ten-silent': ids.slice(0, 10),
    'many-silent': ids.slice(0, 2_500)
  }
  for (const [name, followed] of Object.entries(readers)) {
    // A statement is compiled once a connection: what a later reader shares with an earlier one was checked then.
    const statements = await statementsOf(async () => {
      const reader = await instance.as(name.replace('-', '_'))
      await follow(run, reader.account.id, followed)
      await reader.page('/home')
    })
    const person = await instance.as(name.replace('-', '_'))
    assert.equal((await person.page('/home')).split('<article').length - 1, 40, `${name} sees a whole page`)
    seen += statements.filter(({ text }) => /from "?posts"?/.test(text)).length
    await checkPlans(t, instance, name, followed.length, statements)
  }
  assert.ok(seen > 0, 'the statements of the page were seen')
})
