import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { jobs } from '#db/schema/jobs.ts'
import { noteBackup } from '#server/backup/last-backup.ts'
import { type Examined, examine } from '#server/doctor/examine.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { textOf } from '#test/helpers/html.ts'
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
  assert.deepEqual(
    Object.keys(quick).sort(),
    ['address', 'backups', 'disk', 'mail', 'owner', 'proxy', 'queue'],
    'a page asks nobody outside'
  )
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

test('doctor, the log and the panel say so when most requests come through a proxy that TRUST_PROXY does not name', async (t) => {
  const instance = await startInstance(t)
  const { app, ctx, clock, logged } = instance
  const ask = (forwarded: string | undefined, times: number) =>
    Promise.all(
      Array.from({ length: times }, (_, at) =>
        app.inject({ url: '/livez', remoteAddress: '10.9.8.7', headers: forwarded ? { 'x-forwarded-for': `${forwarded}${at % 3}` } : {} })
      )
    )
  const warnings = () => logged.filter((line) => JSON.stringify(line).includes('TRUST_PROXY'))
  assert.equal((await lookAt(instance, true)).proxy?.level, 'ok')
  await ask(undefined, 200)
  await ask('198.51.100.', 100)
  await ask(undefined, 100)
  assert.equal((await lookAt(instance, true)).proxy?.level, 'ok', 'half of them say nothing')
  await ask('198.51.100.', 200)
  await until(async () => (await lookAt(instance, true)).proxy?.level === 'warn')
  const { proxy } = await lookAt(instance, true)
  assert.deepEqual([proxy?.key, proxy?.values], ['doctor.proxyUnnamed', { address: '10.9.8.7' }])
  await ask('198.51.100.', 200)
  assert.equal(warnings().length, 1, 'once an hour')
  const ada = await instance.as('ada', { role: 'admin' })
  assert.match(textOf(await ada.page('/admin')), /10\.9\.8\.7 .*TRUST_PROXY/)
  ctx.config.server.trustProxy = ['10.0.0.0/8']
  assert.equal((await lookAt(instance, true)).proxy?.level, 'ok', 'it is named by now')
  ctx.config.server.trustProxy = []
  clock.advance(8 * 24 * hourMs)
  assert.equal((await lookAt(instance, true)).proxy?.level, 'ok', 'long ago')
})

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let times = 0; times < 100; times++) {
    if (await isSo()) return
    await wait(20)
  }
  assert.fail('It did not come to be.')
}
