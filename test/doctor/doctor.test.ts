import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { jobs } from '#db/schema/jobs.ts'
import { noteBackup } from '#server/backup/last-backup.ts'
import { type Examined, examine } from '#server/doctor/examine.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'

const hourMs = 3_600_000

async function lookAt({ ctx }: Instance, isQuick = false) {
  const found: Examined[] = []
  for await (const finding of examine(ctx, { isQuick })) found.push(finding)
  const t = ctx.messages.translator('en', { timeZone: 'UTC' })
  for (const { check, key, values, remedy } of found)
    for (const each of [`doctor.${check}`, key, remedy]) if (each) assert.notEqual(t(each, values), '')
  return Object.fromEntries(found.map((finding) => [finding.check, finding]))
}

test('doctor tells whether others find us: by the origin, and by a handle domain that forwards nothing yet', async (t) => {
  const instance = await startInstance(t, { handleDomain: 'handles.test' })
  const before = await lookAt(instance)
  assert.equal(before.public?.level, 'ok')
  assert.equal(before.clock?.level, 'ok')
  assert.equal(before.federation?.level, 'fail')
  assert.match(String(before.federation?.values.url), /^https:\/\/handles\.test\/\.well-known\/webfinger/)
  instance.network.add('handles.test', (instance.app.server.address() as AddressInfo).port)
  const after = await lookAt(instance)
  assert.equal(after.federation?.level, 'ok', JSON.stringify(after.federation))
})

test('doctor sees a wrong clock, work that nobody takes and backups that are old', async (t) => {
  const instance = await startInstance(t)
  const { ctx, clock } = instance
  await ctx.transact(async (tx) => {
    await noteBackup(tx, tx.now)
    await enqueue(tx, { kind: 'tidy', input: {} })
  })
  assert.equal((await lookAt(instance)).backups?.level, 'ok')
  clock.advance(48 * hourMs)
  const late = await lookAt(instance)
  assert.deepEqual([late.clock?.key, late.clock?.level], ['doctor.clockOff', 'fail'])
  assert.deepEqual([late.backups?.key, late.backups?.level], ['doctor.backupOld', 'warn'])
  assert.deepEqual([late.queue?.key, late.queue?.level], ['doctor.queueStands', 'fail'])
  await ctx.transact(async (tx) => void (await tx.update(jobs).set({ deadAt: tx.now })))
  const quick = await lookAt(instance, true)
  assert.deepEqual([quick.queue?.key, quick.queue?.level], ['doctor.queueDead', 'warn'])
  assert.deepEqual(Object.keys(quick).sort(), ['address', 'backups', 'disk', 'mail', 'owner', 'queue'], 'a page asks nobody outside')
})

test('doctor says so when nobody answers at the public address', async (t) => {
  const instance = await startInstance(t)
  instance.network.remove('skerry.test')
  const found = await lookAt(instance)
  assert.deepEqual(
    [found.public?.key, found.federation?.key, found.clock?.key],
    ['doctor.noAnswer', 'doctor.noAnswer', 'doctor.clockUnknown']
  )
})
