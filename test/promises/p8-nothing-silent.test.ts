import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeBackup } from '#server/backup/make-backup.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { Hopeless } from '#server/jobs/job-run.ts'
import { startPeer } from '#test/federation/recording-peer.ts'
import { textOf } from '#test/helpers/html.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { openScratch } from '#test/helpers/scratch.ts'

const hopeless = async () => {
  throw new Hopeless('No use.')
}

test('P8: dead letters, closed ways and backups that failed are on the admin’s first page and in the metrics, and leave when they are mended', async (t) => {
  const instance = await startInstance(t, { wiring: { jobs: { hopeless } } })
  const { ctx } = instance
  const dir = mkdtempSync(join(openScratch(), 'skerry-full-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const olga = await instance.as('olga', { role: 'owner' })
  const first = async () => textOf(await olga.page('/admin'))
  const measured = async () => (await olga.request({ method: 'GET', url: '/metrics', headers: { host: 'localhost' } })).body
  assert.match(await measured(), /skerry_peers\{state="held"\} 0[\s\S]*skerry_backup_age_seconds Nan/i)

  const [refusing, away] = [await startPeer(t, instance, 'refusing.test'), await startPeer(t, instance, 'away.test')]
  for (const peer of [refusing, away]) await peer.follows(await peer.account('ben'), olga.account)
  refusing.answer = () => ({ status: 422 })
  away.answer = () => 'reset'
  await ctx.transact(async (tx) => void (await enqueue(tx, { kind: 'hopeless', input: {} })))
  assert.equal((await olga.submit('/posts', { text: 'Hello?', visibility: 'public' })).statusCode, 303)
  await instance.runJobs()
  writeFileSync(join(dir, 'holiday.txt'), 'in the way')
  const backUp = () => makeBackup(ctx, { kind: 'operator' }, { dir })
  await assert.rejects(backUp())

  const page = await first()
  assert.match(page, /2 failed|failed\D{0,20}2/i, 'the dead job and the dead delivery')
  assert.match(page, /1 do not answer/, 'the closed way')
  assert.match(page, /The last backup broke off/)
  const metrics = await measured()
  for (const line of [
    'skerry_jobs{lane="quick",state="dead"} 1',
    'skerry_deliveries{lane="fan-out",state="dead"} 1',
    'skerry_deliveries{lane="fan-out",state="held"} 1',
    'skerry_peers{state="failing"} 1',
    'skerry_peers{state="held"} 1',
    'skerry_backup_failed 1'
  ])
    assert.ok(metrics.includes(`${line}\n`), `${line} in ${metrics}`)

  rmSync(join(dir, 'holiday.txt'))
  await backUp()
  away.answer = () => ({ status: 202 })
  instance.clock.advance(120_000)
  await instance.runJobs()
  assert.doesNotMatch(await first(), /broke off|do not answer/)
  assert.match(await measured(), /skerry_peers\{state="held"\} 0[\s\S]*skerry_backup_failed 0/)
})

test('P8: a backup that breaks off in the middle is told of like one that never began', async (t) => {
  const instance = await startInstance(t)
  const dir = mkdtempSync(join(openScratch(), 'skerry-broken-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const onStep = (key: string) => {
    if (key === 'backup.stepKeys') throw new Error('The disk went away.')
  }
  await assert.rejects(makeBackup(instance.ctx, { kind: 'operator' }, { dir, onStep }))
  const olga = await instance.as('olga', { role: 'owner' })
  assert.match(textOf(await olga.page('/admin')), /The last backup broke off/)
  assert.match((await instance.ctx.metrics.render()).text, /skerry_backup_failed 1/)
})
