import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { settings } from '#db/schema/moderation.ts'
import { openBrowser } from '#server/commands/demo/browser.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { makePlace, openGround } from '#test/helpers/ground.ts'
import { findFreePorts, runAdmin, spawnAdmin, startProcess } from '#test/helpers/programs.ts'

const password = 'correct horse battery'
/** What a command does must show in a running server within this time (ms). */
const shownMs = 1_000

test('commands work beside a running server and show there within a second', async (t) => {
  const { admin, json, origin, server, env } = await startServed(t)
  const made = await json('account', 'create', 'ana', '--email', 'ana@mail.test', '--password', password, '--role', 'moderator')
  assert.deepEqual([made.name, made.role, made.uri], ['ana', 'moderator', `${origin}/@ana`])
  const again = await admin('account', 'create', 'Ana', '--email', 'other@mail.test', '--password', password)
  assert.deepEqual([again.code, again.out], [1, ''])
  assert.match(again.err, /^name: [^\n]+\n$/, 'one sentence that names the field')

  const ana = openBrowser(origin)
  await ana.submit('/sign-in', '/sign-in', { login: 'ana', password })
  assert.match(await ana.page('/home'), /@ana/)
  // The commands of this file run in the test's process, but for these: a process each, as operators run them.
  assert.equal((await spawnAdmin(t, env, 'account', 'suspend', '@ana', '--reason', 'a test')).code, 0)
  await within(shownMs, async () => assert.rejects(ana.page('/home')))
  assert.equal((await json('account', 'list', '--search', 'MAIL.TEST'))[0].state, 'suspended')
  assert.match((await admin('account', 'suspend', 'ana')).err, /suspended already/)
  assert.equal((await admin('account', 'unsuspend', 'ana')).code, 0)
  await ana.submit('/sign-in', '/sign-in', { login: 'ana', password })

  const [role, block, unknown] = await Promise.all([
    json('account', 'role', 'ana', 'admin'),
    json('domain', 'block', 'SPAM.example.', '--severity', 'suspend', '--reason', 'spam'),
    admin('account', 'suspend', 'nobody')
  ])
  assert.equal(role.role, 'admin')
  assert.equal(block.domain, 'spam.example')
  assert.equal(unknown.code, 1)
  assert.deepEqual(
    (await json('domain', 'list')).map((row: { domain: string; severity: string; reason: string }) => [
      row.domain,
      row.severity,
      row.reason
    ]),
    [['spam.example', 'suspend', 'spam']]
  )
  const [lifted, never, link] = await Promise.all([
    admin('domain', 'unblock', 'spam.example'),
    admin('domain', 'unblock', 'ham.example'),
    json('password', 'reset-link', 'ana')
  ])
  assert.deepEqual([lifted.code, never.code], [0, 1])
  await openBrowser(origin).page(new URL(link.url).pathname)

  const [doctor, resolved, nothing] = await Promise.all([
    json('doctor'),
    json('resolve', '@ana'),
    admin('resolve', 'https://127.0.0.1:9/@nobody')
  ])
  const levels = Object.fromEntries(doctor.map((row: { check: string; level: string }) => [row.check, row.level]))
  assert.deepEqual([levels.public, levels.federation, levels.clock, levels.database, levels.queue], ['ok', 'ok', 'ok', 'ok', 'ok'])
  assert.deepEqual([levels.mail, levels.backups, levels.owner], ['warn', 'warn', 'warn'])
  assert.equal(resolved.kind, 'account')
  assert.equal(nothing.code, 1)
  assert.match(nothing.out, /^fail /m, 'each step is shown, the one that failed too')
  assert.doesNotMatch(server.said(), /"level":"(error|fatal)"/)
})

test('a backup beside a running server restores elsewhere; what would harm the running one is refused', async (t) => {
  const { admin, json, env, dir, origin } = await startServed(t)
  await admin('account', 'create', 'ana', '--email', 'ana@mail.test', '--password', password)
  const backupDir = join(dir, 'backup')
  const made = await json('backup', backupDir)
  assert.equal(made.missingPictures, 0)
  const verified = await spawnAdmin(t, env, 'backup', 'verify', backupDir, '--json')
  assert.equal(verified.code, 0, verified.err)
  assert.equal(JSON.parse(verified.out).isOk, true)

  const refusals = await Promise.all([admin('restore', backupDir, '--force'), admin('origin', 'set', 'https://other.test')])
  for (const { code, err } of refusals) {
    assert.equal(code, 1)
    assert.match(err, /^[^\n]*(runs|connected)[^\n]*stop it[^\n]*\n$/)
  }
  if (env.DATABASE_URL === '') {
    const second = await startProcess(t, 'server/main.ts', [], env).ended
    assert.equal(second.code, 1)
    assert.match(second.err, /^Another Skerry already serves [^\n]*\n$/)
  }

  const there = await makePlace(t)
  const elsewhere = { ...there.env, ORIGIN: origin }
  const restored = await runAdmin(elsewhere, 'restore', backupDir)
  assert.equal(restored.code, 0, restored.err)
  const listed = await runAdmin(elsewhere, 'account', 'list')
  assert.match(listed.out, /^@ana /)
  const moved = await runAdmin(elsewhere, 'origin', 'set', 'https://other.test')
  assert.equal(moved.code, 0, moved.err)
  assert.match((await runAdmin(elsewhere, 'account', 'list')).err, /ORIGIN/)
})

test('an owner link works once; migrate says what it did; a job that failed for good can be tried again', async (t) => {
  const { env, config } = await makePlace(t)
  const admin = (...args: string[]) => runAdmin(env, ...args)
  assert.match((await admin('migrate')).out, /Made the schema/)
  assert.match((await admin('migrate')).out, /already/)
  assert.match((await admin('owner-link')).out, /^https:\/\/skerry\.test\/owner\/[\w-]+\n$/)
  await admin('account', 'create', 'ana', '--email', 'ana@mail.test', '--password', password, '--role', 'owner')
  assert.match((await admin('owner-link')).err, /has an owner/)

  const ctx = await openGround(t, config)
  const { jobs } = await import('#db/schema/jobs.ts')
  await ctx.transact((tx) => enqueue(tx, { kind: 'tidy', input: {} }))
  await ctx.transact(async (tx) => void (await tx.update(jobs).set({ deadAt: 1, lastError: 'it broke\nat once' })))
  const [{ id }] = (await ctx.db.select({ id: jobs.id }).from(jobs)) as [{ id: number }]
  assert.match((await admin('jobs')).out, new RegExp(`${id} +tidy .*it broke$`, 'm'))
  assert.match((await admin('jobs', 'retry', '1')).err, /has the id 1/)
  assert.equal((await admin('jobs', 'retry', String(id))).code, 0)
  const [job] = await ctx.db.select().from(jobs)
  assert.deepEqual([job!.deadAt, job!.attempts], [null, 0])
})

test('a backup that is killed leaves a directory that is seen to be unfinished', async (t) => {
  const { env, config, dir } = await makePlace(t)
  const ctx = await openGround(t, config)
  // So much to copy that the process is surely killed before it is done.
  const value = 'x'.repeat(1_000_000)
  await ctx.transact(async (tx) => {
    for (let n = 0; n < 40; n++) await tx.insert(settings).values({ key: `filler ${n}`, value: `${n}${value}`, updatedAt: 0 })
  })
  const backupDir = join(dir, 'backup')
  const backup = startProcess(t, 'server/commands/main.ts', ['backup', backupDir], env)
  await backup.heard(/Copying the database/)
  backup.child.kill('SIGKILL')
  await backup.ended
  assert.ok(readdirSync(backupDir).length > 0)
  assert.ok(!existsSync(join(backupDir, 'manifest.json')))
  const verified = await runAdmin(env, 'backup', 'verify', backupDir)
  assert.deepEqual([verified.code, verified.out], [1, ''])
  assert.match(verified.err, /no finished backup/)
  const next = await runAdmin(env, 'backup', backupDir)
  assert.equal(next.code, 0, next.err)
})

/** A server of its own process over a fresh place, and commands beside it. */
async function startServed(t: TestContext) {
  const { env: placed, dir } = await makePlace(t)
  const port = await findFreePorts()
  const origin = `http://localhost:${port}`
  const env: Record<string, string | undefined> = { ...placed, ORIGIN: origin, PORT: String(port), OUTBOUND_ALLOW_HTTP: '1' }
  const server = startProcess(t, 'server/main.ts', [], env)
  await server.heard(/Next: /)
  const admin = (...args: string[]) => runAdmin(env, ...args)
  const json = async (...args: string[]) => {
    const { out, err } = await admin(...args, '--json')
    assert.notEqual(out, '', err)
    return JSON.parse(out)
  }
  return { env, dir, origin, server, admin, json }
}

async function within(ms: number, check: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + ms
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await wait(20)
    }
  }
}

test('a command that is told no address works on the instance as it was started', async (t) => {
  const { env, origin } = await startServed(t)
  const { ORIGIN: _origin, ...untold } = env
  const made = await runAdmin(untold, 'account', 'create', 'kim', '--email', 'kim@mail.test', '--password', password, '--json')
  assert.equal(made.code, 0, made.err)
  assert.equal(JSON.parse(made.out).uri, `${origin}/@kim`)
  const told = await runAdmin({ ...env, ORIGIN: 'http://elsewhere.localhost:1' }, 'account', 'list')
  assert.match(told.err, /was started as/)
})
