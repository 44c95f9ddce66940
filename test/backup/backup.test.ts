import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import BetterSqlite3 from 'better-sqlite3'
import { isNotNull, sql } from 'drizzle-orm'
import { dialectOfProcess } from '#db/dialect.ts'
import { accountKeys } from '#db/schema/accounts.ts'
import { jobs } from '#db/schema/jobs.ts'
import { mediaFiles } from '#db/schema/media.ts'
import { settings } from '#db/schema/moderation.ts'
import { activities, deliveries } from '#db/schema/peers.ts'
import { attempts, invites, oneTimeTokens, sessions, users } from '#db/schema/sign-in.ts'
import { ensureInstanceActor } from '#server/accounts/instance-actor.ts'
import { findLastBackupAt } from '#server/backup/last-backup.ts'
import { fingerprintOf } from '#server/backup/files.ts'
import { makeBackup } from '#server/backup/make-backup.ts'
import { writeManifest } from '#server/backup/manifest.ts'
import { restoreBackup } from '#server/backup/restore-backup.ts'
import { verifyBackup } from '#server/backup/verify-backup.ts'
import type { Context } from '#server/context.ts'
import type { Refusal } from '#server/errors.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { lockForServer } from '#server/platform/server-lock.ts'
import { createAccount } from '#server/sign-in/create-account.ts'
import { makePlace, openGround } from '#test/helpers/ground.ts'

const operator = { kind: 'operator' } as const
const clock = { now: () => Date.now() }
const picture = Buffer.from('the bytes of a picture')
const hash = createHash('sha256').update(picture).digest('hex')

test('a backup taken while people write restores to one moment, and proves it', async (t) => {
  const { ctx, backupDir, people } = await lived(t)
  const writer = startWriting(ctx)
  const { manifest, newPictures } = await makeBackup(ctx, operator, { dir: backupDir })
  await writer.stop()

  assert.equal(newPictures, 1)
  assert.equal(manifest.media.files, 1)
  assert.equal(await findLastBackupAt(ctx.db), manifest.madeAt)
  await verifyBackup({ config: ctx.config, clock }, operator, { dir: backupDir })
  for (const file of allFiles(backupDir)) assert.equal(statSync(file).mode & 0o077, 0, `${file} is for its owner alone`)

  const there = await makePlace(t)
  const restored = await restoreBackup({ config: there.config, clock }, operator, { dir: backupDir, isForced: false })
  const again = await openGround(t, there.config)
  // One transaction writes one row to each of two tables: every moment knows as many of the one as of the other.
  const [codes, counted] = [await again.db.$count(invites), await again.db.$count(attempts)]
  assert.equal(codes, counted)
  assert.ok(codes > 0 && codes <= writer.written(), `${codes} of ${writer.written()}`)
  assert.equal(await again.db.$count(users), people)
  assert.deepEqual(await again.storage.get(hash), picture)
  const [key] = await again.db.select().from(accountKeys).where(isNotNull(accountKeys.privateSealed)).limit(1)
  assert.match(again.seal.unseal(key!.privateSealed!).toString(), /PRIVATE KEY/)
  const odd = await again.db.select().from(settings)
  assert.deepEqual(odd.find((row) => row.key === 'odd')?.value, { text: 'a\u2028b "quoted" \\ 🦭', none: null, number: 1.5e-7 })
  assert.equal(odd.find((row) => row.key === 'null')?.value, null)

  assert.deepEqual([await again.db.$count(sessions), await again.db.$count(oneTimeTokens)], [0, 0], 'nothing that was closed opens again')
  assert.deepEqual([restored.deliveriesAside, restored.jobsAside], [1, 1])
  const [delivery] = await again.db.select().from(deliveries)
  assert.ok(delivery?.deadAt, 'nothing is sent twice')
  const waiting = await again.db.select().from(jobs)
  assert.deepEqual(waiting.map((job) => [job.kind, job.deadAt !== null]).sort(), [
    ['schedule: sweep', false],
    ['send mail', true]
  ])
})

test('a second backup to the same directory copies only what is new, and one that breaks off leaves the first', async (t) => {
  const { ctx, backupDir } = await lived(t)
  const first = await makeBackup(ctx, operator, { dir: backupDir })
  const breaks = (key: string) => {
    if (key === 'backup.stepKeys') throw new Error('the power went')
  }
  await assert.rejects(makeBackup(ctx, operator, { dir: backupDir, onStep: breaks }), /the power went/)
  const still = await verifyBackup({ config: ctx.config, clock }, operator, { dir: backupDir })
  assert.equal(still.madeAt, first.manifest.madeAt)

  const second = await makeBackup(ctx, operator, { dir: backupDir })
  assert.equal(second.newPictures, 0)
  assert.equal(readdirSync(backupDir).filter((name) => name.startsWith('20')).length, 1)
  await verifyBackup({ config: ctx.config, clock }, operator, { dir: backupDir })
})

test('a backup that is not whole, or not what was written, is refused', async (t) => {
  const { ctx, backupDir } = await lived(t)
  const { manifest } = await makeBackup(ctx, operator, { dir: backupDir })
  const verify = () => verifyBackup({ config: ctx.config, clock }, operator, { dir: backupDir })
  const pictureFile = join(backupDir, 'media', hash.slice(0, 2), hash)

  writeFileSync(pictureFile, 'the bytes of a picturf')
  await refused(verify, 'backup.partDamaged')
  rmSync(pictureFile)
  await refused(verify, 'backup.partMissing')
  writeFileSync(pictureFile, picture)
  await verify()
  const database = join(backupDir, manifest.database.path)
  const whole = readFileSync(database)
  appendFileSync(database, 'x')
  await refused(verify, 'backup.partDamaged')
  writeFileSync(database, whole)
  const manifestFile = join(backupDir, 'manifest.json')
  const text = readFileSync(manifestFile, 'utf8')
  writeFileSync(manifestFile, text.replace(/users": /, 'users": 1'))
  await refused(verify, 'backup.rowsDiffer')
  writeFileSync(manifestFile, text.replaceAll(manifest.database.path, `../${manifest.database.path}`))
  await refused(verify, 'backup.manifestUnreadable')
  rmSync(manifestFile)
  await refused(verify, 'backup.incomplete')
})

test('a restore refuses what would lose or mix up something', async (t) => {
  const { ctx, backupDir } = await lived(t)
  await makeBackup(ctx, operator, { dir: backupDir })
  const there = await makePlace(t)
  const restore = (config = there.config, isForced = false, at = clock) =>
    restoreBackup({ config, clock: at }, operator, { dir: backupDir, isForced })

  await refused(() => restore({ ...there.config, origin: 'https://other.test' }), 'backup.otherOrigin')
  await refused(() => restore(there.config, false, { now: () => Date.now() - 3_600_000 }), 'backup.clockBehind')
  const other = dialectOfProcess() === 'sqlite' ? 'postgres' : 'sqlite'
  await refused(() => restore({ ...there.config, database: { ...there.config.database, dialect: other } }), 'backup.otherDialect')
  const lock = await openGround(t, there.config).then((empty) =>
    empty[Symbol.asyncDispose]().then(() => lockForServer(there.config.dataDir)!)
  )
  await refused(restore, 'backup.serverRuns')
  lock.release()
  await restore()
  await refused(restore, 'backup.notEmpty')
  const { asideDir } = await restore(there.config, true)
  assert.ok(asideDir && readdirSync(asideDir).length > 0, 'a copy of what was there is kept')
  assert.equal(await (await openGround(t, there.config)).db.$count(users), 1)
})

test('a copy whose schema is newer than the code is refused', {
  skip: dialectOfProcess() === 'postgres' && 'the code that looks is the same'
}, async (t) => {
  const { ctx, backupDir } = await lived(t)
  const { manifest } = await makeBackup(ctx, operator, { dir: backupDir })
  const copy = new BetterSqlite3(join(backupDir, manifest.database.path))
  copy.exec(`insert into __drizzle_migrations (hash, created_at) values ('of tomorrow', ${Date.now() * 2})`)
  copy.close()
  await writeManifest(backupDir, {
    ...manifest,
    database: { ...manifest.database, ...(await fingerprintOf(join(backupDir, manifest.database.path)))! }
  })
  const there = await makePlace(t)
  const restore = restoreBackup({ config: there.config, clock }, operator, { dir: backupDir, isForced: false })
  await assert.rejects(restore, { name: 'SchemaError', message: /newer version/ })
})

test('a directory that holds something else is not filled', async (t) => {
  const { ctx, dir } = await lived(t)
  writeFileSync(join(dir, 'holiday.txt'), 'not ours')
  await refused(() => makeBackup(ctx, operator, { dir }), 'backup.otherFiles')
  await refused(() => makeBackup(ctx, operator, { dir: ctx.config.dataDir }), 'backup.intoItself')
  assert.ok(!existsSync(join(dir, 'media')))
})

/** An instance with a person, a picture, a session, a link, work that waits, and values that are hard to write down. */
async function lived(t: TestContext) {
  const { config, dir } = await makePlace(t)
  const ctx = await openGround(t, config)
  await ensureInstanceActor(ctx)
  const ana = await createAccount(ctx, operator, { name: 'ana', email: 'ana@mail.test', password: 'correct horse battery' })
  await ctx.storage.put(hash, picture)
  await ctx.transact(async (tx) => {
    const soon = tx.now + 60_000
    await tx.insert(mediaFiles).values({ hash, mime: 'image/png', sizeBytes: picture.length, width: 1, height: 1, createdAt: tx.now })
    await tx
      .insert(sessions)
      .values({ id: tx.newId(), tokenHash: 'a', accountId: ana.id, createdAt: tx.now, lastSeenAt: tx.now, expiresAt: soon })
    await tx
      .insert(oneTimeTokens)
      .values({ tokenHash: 'b', purpose: 'reset-password', accountId: ana.id, createdAt: tx.now, expiresAt: soon })
    const activityId = tx.newId()
    await tx.insert(activities).values({ id: activityId, uri: 'https://skerry.test/a', actorId: ana.id, body: '{}', createdAt: tx.now })
    const to = { inboxUrl: 'https://b.test/inbox', host: 'b.test', lane: 'direct' as const, runAt: tx.now, createdAt: tx.now }
    await tx.insert(deliveries).values({ id: tx.newId(), activityId, ...to })
    await enqueue(tx, { kind: 'send mail', input: {} })
    await enqueue(tx, { kind: 'schedule: sweep', input: {} })
    const value = { text: 'a\u2028b "quoted" \\ 🦭', none: null, number: 1.5e-7 }
    await tx.insert(settings).values({ key: 'odd', value, updatedAt: tx.now })
    // A JSON null is a value, and not the absence of one.
    await tx.insert(settings).values({ key: 'null', value: sql`'null'`, updatedAt: tx.now })
  })
  return { ctx, dir, backupDir: join(dir, 'backup'), people: 1 }
}

function startWriting(ctx: Context) {
  let isRunning = true
  let written = 0
  const running = (async () => {
    while (isRunning) {
      await ctx.transact(async (tx) => {
        const code = String(tx.newId())
        await tx.insert(invites).values({ id: tx.newId(), code, createdBy: 1, usesLeft: 1, createdAt: tx.now })
        await tx.insert(attempts).values({ key: code, count: 1, windowEndsAt: 0 })
      })
      written++
      await new Promise((done) => setImmediate(done))
    }
  })()
  return {
    written: () => written,
    async stop() {
      isRunning = false
      await running
    }
  }
}

async function refused(work: () => Promise<unknown>, key: string) {
  await assert.rejects(work, (error: Refusal) => {
    assert.equal(error.name, 'Refusal', error.stack)
    assert.equal(error.key, key)
    return true
  })
}

function allFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
