import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { drafts } from '#db/schema/drafts.ts'
import { jobs } from '#db/schema/jobs.ts'
import { media } from '#db/schema/media.ts'
import { posts } from '#db/schema/posts.ts'
import { users } from '#db/schema/sign-in.ts'
import { publishKind } from '#server/drafts/schedule-draft.ts'
import { scheduledPerDayMax } from '#server/drafts/publishing-time.ts'
import { publishScheduled } from '#server/drafts/publish-scheduled.ts'
import { sweepMedia } from '#server/media/sweep-media.ts'
import { readLocalTime, writeLocalTime } from '#server/platform/zoned-time.ts'
import { wiring } from '#server/wiring.ts'
import { textOf } from '#test/helpers/html.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { pictureOf, write } from '#test/web/world.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** A moment from now as the field has it, in UTC. */
function later({ clock }: Instance, ms: number): string {
  return writeLocalTime(clock.now() + ms, 'UTC')
}

async function stateOf({ ctx }: Instance) {
  return {
    posts: await ctx.db.$count(posts),
    drafts: await ctx.db.$count(drafts),
    jobs: await ctx.db.$count(jobs, eq(jobs.kind, publishKind))
  }
}

async function scheduleOne(instance: Instance, fields: Record<string, string> = {}): Promise<number> {
  const ana = await instance.as('ana')
  const response = await ana.submit('/posts', { text: 'Tide tables', publishAt: later(instance, 2 * hourMs), ...fields })
  const [, id] = /^\/drafts\/scheduled#draft-(\d+)$/.exec(String(response.headers.location)) ?? []
  assert.ok(id, `${response.statusCode} ${textOf(response.body).slice(0, 300)}`)
  return Number(id)
}

test('a post goes out at its time, once, and no sooner', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await scheduleOne(instance, { text2: 'and more of them' })
  assert.match(
    textOf(await ana.page('/drafts/scheduled')),
    /Your post goes out on .*Goes out .*Tide tables Thread of 2 posts Change Publish now Back to drafts Delete/
  )
  instance.clock.advance(hourMs)
  await instance.runJobs()
  assert.deepEqual(await stateOf(instance), { posts: 0, drafts: 1, jobs: 1 })
  instance.clock.advance(hourMs)
  await instance.runJobs()
  await instance.runJobs()
  assert.deepEqual(await stateOf(instance), { posts: 2, drafts: 0, jobs: 0 })
  assert.match(await instance.guest().page('/@ana'), /Tide tables/)
})

test('the time is that of the person’s zone, and summer time is known', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await instance.ctx.transact((tx) => tx.update(users).set({ timeZone: 'Pacific/Auckland' }).where(eq(users.accountId, ana.account.id)))
  const at = Math.floor((instance.clock.now() + 3 * hourMs) / minuteMs) * minuteMs
  const id = await scheduleOne(instance, { publishAt: writeLocalTime(at, 'Pacific/Auckland') })
  const [draft] = await instance.ctx.db.select().from(drafts)
  assert.equal(draft?.publishAt, at)
  assert.match(await ana.page(`/drafts/${id}`), new RegExp(`value="${writeLocalTime(at, 'Pacific/Auckland')}"`))

  assert.equal(readLocalTime('2026-12-24T18:00', 'Europe/Helsinki'), Date.UTC(2026, 11, 24, 16))
  assert.equal(readLocalTime('2026-06-24T18:00', 'Europe/Helsinki'), Date.UTC(2026, 5, 24, 15))
  // 03:30 is skipped on that day: the clock goes from 03:00 to 04:00.
  assert.equal(readLocalTime('2026-03-29T03:30', 'Europe/Helsinki'), Date.UTC(2026, 2, 29, 1, 30))
  for (const wrong of ['', 'tomorrow', '2026-02-30T10:00', '2026-13-01T10:00', '2026-01-01T24:00', '0001-01-01T00:00'])
    assert.equal(readLocalTime(wrong, 'UTC'), undefined, wrong)
})

test('a time too near, too far or unreadable is refused beside its field, and nothing typed is lost', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  for (const publishAt of [later(instance, 2 * minuteMs), later(instance, 366 * dayMs), 'soon']) {
    const refused = await ana.submit('/posts', { text: 'Tide tables', publishAt })
    assert.equal(refused.statusCode, 422)
    assert.match(refused.body, /id="composer-publish-at-error"/)
    assert.match(refused.body, /Tide tables<\/textarea>/)
    assert.ok(refused.body.includes(`value="${publishAt}"`))
  }
  // What could not go out then is said at once.
  const tooLong = await ana.submit('/posts', { text: 'x'.repeat(6_000), publishAt: later(instance, hourMs) })
  assert.equal(tooLong.statusCode, 422)
  assert.deepEqual(await stateOf(instance), { posts: 0, drafts: 0, jobs: 0 })
})

test('a scheduled post is moved, taken back, published now or deleted', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const moved = await scheduleOne(instance, { idempotencyKey: 'm' })
  await scheduleOne(instance, { idempotencyKey: 'm', text: 'Later tables', publishAt: later(instance, 4 * hourMs) })
  instance.clock.advance(3 * hourMs)
  await instance.runJobs()
  assert.deepEqual(await stateOf(instance), { posts: 0, drafts: 1, jobs: 1 })

  assert.equal((await ana.submit(`/drafts/${moved}/unschedule`)).headers.location, `/drafts#draft-${moved}`)
  instance.clock.advance(3 * hourMs)
  await instance.runJobs()
  assert.deepEqual(await stateOf(instance), { posts: 0, drafts: 1, jobs: 0 })
  assert.match(await ana.page('/drafts'), /Later tables/)
  await ana.submit(`/drafts/${moved}/delete`)

  const now = await scheduleOne(instance, { idempotencyKey: 'n' })
  assert.match(String((await ana.submit(`/drafts/${now}/publish`)).headers.location), /#post-/)
  assert.equal((await ana.submit(`/drafts/${now}/publish`)).headers.location, '/drafts/scheduled')
  const gone = await scheduleOne(instance, { idempotencyKey: 'g' })
  await ana.submit(`/drafts/${gone}/delete`)
  instance.clock.advance(dayMs)
  await instance.runJobs()
  assert.deepEqual(await stateOf(instance), { posts: 1, drafts: 0, jobs: 0 })
})

test('writing on in a scheduled post makes it a draft until it is scheduled again', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const publishAt = later(instance, 2 * hourMs)
  await scheduleOne(instance, { idempotencyKey: 'k', publishAt })
  await ana.submit('/posts', { text: 'Tide tab', idempotencyKey: 'k', publishAt, addPart: 'yes' })
  instance.clock.advance(3 * hourMs)
  await instance.runJobs()
  assert.deepEqual(await stateOf(instance), { posts: 0, drafts: 1, jobs: 0 })
})

test('pictures are described before a post waits for its time, and wait with it', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const sent = await ana.submit('/posts', { text: 'Boats', publishAt: later(instance, 40 * dayMs), images: pictureOf('a.png') })
  const step = String(sent.headers.location)
  const page = await ana.page(step)
  assert.match(textOf(page), /Schedule Back to the text/)
  const [, field] = /name="(alt-\d+)"/.exec(page) ?? []
  assert.match(String((await ana.submit(step, { [field!]: 'A boat' })).headers.location), /^\/drafts\/scheduled#/)
  instance.clock.advance(30 * dayMs)
  await sweepMedia(instance.ctx)
  instance.clock.advance(10 * dayMs + hourMs)
  await instance.runJobs()
  assert.match(await instance.guest().page('/@ana'), /alt="A boat"/)
  const [picture] = await instance.ctx.db.select().from(media)
  assert.equal(picture?.draftId, null)
})

test('what cannot go out at its time is a draft again with the reason, and its author is told', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  const parentId = await write(bo, { text: 'Fog?' })
  await scheduleOne(instance, { text: '@bo Thick', replyTo: String(parentId) })
  await bo.submit(`/posts/${parentId}/delete`)
  instance.clock.advance(3 * hourMs)
  await instance.runJobs()
  assert.match(textOf(await ana.page('/drafts')), /It could not go out on .*is not there any more.*@bo Thick/)
  const [draft] = await instance.ctx.db.select().from(drafts)
  assert.match(textOf(await ana.page(`/drafts/${draft?.id}`)), /It could not go out on/)
  assert.match(textOf(await ana.page('/notifications')), /at its time\. It is a draft again/)
  assert.equal((await stateOf(instance)).jobs, 0)

  await instance.ctx.transact((tx) => tx.update(drafts).set({ replyToId: null }))
  await scheduleOne(instance, { text: 'On its own', idempotencyKey: draft?.key ?? '' })
  await instance.ctx.transact((tx) => tx.update(accounts).set({ movedToUri: 'https://far.test/u' }).where(eq(accounts.id, ana.account.id)))
  instance.clock.advance(3 * hourMs)
  await instance.runJobs()
  const [again] = await instance.ctx.db.select().from(drafts)
  assert.deepEqual([again?.isScheduled, again?.failure?.key], [false, 'errors.accountMoved'])
})

test('a crash at any point neither loses a scheduled post nor publishes it twice', async (t) => {
  let crashes = 2
  const instance = await startInstance(t, {
    wiring: {
      jobs: {
        ...wiring.jobs,
        [publishKind]: (async (ctx, input, job) => {
          const isCrashing = crashes-- > 0
          // Dies once before the commit and once after it.
          if (isCrashing && crashes === 1) throw new Error('killed before')
          await publishScheduled(ctx, input as never, job)
          if (isCrashing) throw new Error('killed after')
        }) as (typeof wiring.jobs)[string]
      }
    }
  })
  await scheduleOne(instance)
  instance.clock.advance(3 * hourMs)
  for (let round = 0; round < 4; round++) {
    await instance.runJobs()
    instance.clock.advance(hourMs)
  }
  assert.deepEqual(await stateOf(instance), { posts: 1, drafts: 0, jobs: 0 })
})

test('one may have so many posts waiting for one day', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const at = Math.floor((instance.clock.now() + 10 * dayMs) / dayMs) * dayMs + 12 * hourMs
  for (let each = 0; each < scheduledPerDayMax; each++)
    await scheduleOne(instance, { publishAt: writeLocalTime(at + each * minuteMs, 'UTC') })
  const refused = await ana.submit('/posts', { text: 'One more', publishAt: writeLocalTime(at, 'UTC') })
  assert.equal(refused.statusCode, 429)
  assert.match(refused.body, /One more<\/textarea>/)
  assert.match(refused.body, /id="composer-publish-at-error"/)
  await scheduleOne(instance, { publishAt: writeLocalTime(at + dayMs, 'UTC') })
})

test('a person who is suspended publishes nothing by the clock', async (t: TestContext) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await scheduleOne(instance)
  await instance.ctx.transact((tx) => tx.update(accounts).set({ suspendedAt: instance.clock.now() }).where(eq(accounts.id, ana.account.id)))
  instance.clock.advance(3 * hourMs)
  await instance.runJobs()
  const [draft] = await instance.ctx.db.select().from(drafts)
  assert.deepEqual([draft?.isScheduled, draft?.failure?.key, (await stateOf(instance)).posts], [false, 'errors.accountSuspended', 0])
})
