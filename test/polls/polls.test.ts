import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { notifications } from '#db/schema/notifications.ts'
import { polls, pollVotes } from '#db/schema/polls.ts'
import { posts } from '#db/schema/posts.ts'
import { findPoll } from '#server/polls/find-poll.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import type { Fields, TestPerson } from '#test/helpers/people.ts'
import { whoIs } from '#test/helpers/who-is.ts'

const hourMs = 3_600_000

const question: Fields = {
  text: 'When shall we sweep?',
  visibility: 'public',
  pollOption1: 'At dawn',
  pollOption2: ' At  noon ',
  pollOption3: '',
  pollOption4: 'At dusk',
  pollChoice: 'one',
  pollEnds: '3600'
}

async function ask(person: TestPerson, fields: Fields = {}): Promise<number> {
  const response = await person.submit('/posts', { ...question, idempotencyKey: JSON.stringify(fields), ...fields })
  assert.equal(response.statusCode, 303, response.body.slice(0, 2_000))
  return Number(/post-(\d+)/.exec(String(response.headers.location))?.[1])
}

async function countsOf({ ctx }: Instance, postId: number) {
  const poll = await findPoll(ctx.db, postId)
  return poll && [...poll.options.map((option) => [option.text, option.votesCount] as const), poll.votersCount]
}

test('a person asks, others vote once each, and everybody sees the counts', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo, cy] = [await instance.as('ana'), await instance.as('bo'), await instance.as('cy')]
  const id = await ask(ana)
  assert.deepEqual(await countsOf(instance, id), [['At dawn', 0], ['At noon', 0], ['At dusk', 0], 0])

  const open = await bo.page(`/@ana/${id}`)
  assert.match(open, /type="radio"[^>]*name="choice" value="1\.[0-9a-f]{8}" required/)
  assert.match(open, /59 minutes left/)
  assert.equal((await bo.submit(`/posts/${id}/vote`, { choice: '1' })).statusCode, 303)
  assert.equal((await bo.submit(`/posts/${id}/vote`, { choice: '0', returnTo: '/home' })).statusCode, 303)
  assert.match(await bo.page('/home'), /You have voted in this poll already/)
  assert.equal((await cy.submit(`/posts/${id}/vote`, { choice: '2' })).statusCode, 303)
  assert.deepEqual(await countsOf(instance, id), [['At dawn', 0], ['At noon', 1], ['At dusk', 1], 2])

  const voted = await bo.page(`/@ana/${id}`)
  assert.match(voted, /Your vote/)
  assert.match(voted, /2 people voted/)
  assert.match(voted, /width="50"/)
  assert.doesNotMatch(voted, new RegExp(`action="/posts/${id}/vote"`))
  const seen = await instance.guest().page(`/@ana/${id}`)
  assert.match(seen, /2 people voted/)
  assert.doesNotMatch(seen, /\/vote"/)
})

test('several may be chosen where it says so; whoever chooses wrongly is told', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  const id = await ask(ana, { pollChoice: 'many' })
  assert.match(await bo.page(`/@ana/${id}`), /type="checkbox"[^>]*name="choice" value="0\.[0-9a-f]{8}">/)
  const nothing = await bo.submit(`/posts/${id}/vote`, { returnTo: '/home' })
  assert.equal(nothing.statusCode, 303)
  assert.match(await bo.page('/home'), /Choose an option first/)
  for (const choice of ['7', 'x', '-1']) {
    await bo.submit(`/posts/${id}/vote`, { choice })
    assert.match(await bo.page('/home'), /The poll has been changed/)
  }
  assert.equal((await ana.submit(`/posts/${id}/vote`, { choice: '0' })).statusCode, 403)
  assert.equal((await bo.submit(`/posts/${id}/vote`, { choice: ['0', '2', '2'] })).statusCode, 303)
  assert.deepEqual(await countsOf(instance, id), [['At dawn', 1], ['At noon', 0], ['At dusk', 1], 1])
  const one = await ask(ana, { pollChoice: 'one' })
  await bo.submit(`/posts/${one}/vote`, { choice: ['0', '1'] })
  assert.match(await bo.page('/home'), /Only one option can be chosen/)
  assert.deepEqual(await countsOf(instance, one), [['At dawn', 0], ['At noon', 0], ['At dusk', 0], 0])
  const hidden = await ask(ana, { visibility: 'followers' })
  assert.equal((await bo.submit(`/posts/${hidden}/vote`, { choice: '0' })).statusCode, 404)
  const plain = await bo.submit('/posts', { text: 'no question', visibility: 'public' })
  const plainId = /post-(\d+)/.exec(String(plain.headers.location))?.[1]
  assert.equal((await ana.submit(`/posts/${plainId}/vote`, { choice: '0' })).statusCode, 404)
})

test('votes at the same moment count each once', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  const voters = await Promise.all(Array.from({ length: 6 }, (_, number) => instance.as(`v${number}`)))
  const id = await ask(ana)
  await Promise.all([
    ...voters.map((voter, number) => voter.submit(`/posts/${id}/vote`, { choice: String(number % 3) })),
    ...['0', '1', '2'].map((choice) => bo.submit(`/posts/${id}/vote`, { choice }))
  ])
  const poll = await findPoll(instance.ctx.db, id)
  assert.equal(poll?.votersCount, 7)
  assert.equal(
    poll?.options.reduce((sum, option) => sum + option.votesCount, 0),
    7
  )
  assert.equal(await instance.ctx.db.$count(pollVotes), 7)
})

test('what is wrong with a poll stands beside its field, and nothing typed is lost', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const wrongs: [Fields, string, RegExp][] = [
    [{ pollOption2: '', pollOption4: '' }, 'pollOption2', /A poll needs at least 2 options/],
    [{ pollOption2: 'At dawn' }, 'pollOption2', /This option is there already/],
    [{ pollOption4: 'x'.repeat(101) }, 'pollOption4', /An option has at most 100 characters/],
    [{ pollEnds: '60' }, 'pollEnds', /A poll lasts from 5 minutes to 30 days/],
    [{ pollEnds: 'ever' }, 'pollEnds', /A poll lasts/],
    [{ pollEnds: '' }, 'pollEnds', /A poll lasts/]
  ]
  for (const [fields, field, message] of wrongs) {
    const response = await ana.submit('/posts', { ...question, ...fields })
    assert.equal(response.statusCode, 422, JSON.stringify(fields))
    assert.match(response.body, message)
    assert.match(response.body, new RegExp(`name="${field}"[^>]*aria-invalid="true"`), field)
    assert.match(response.body, /<details class="fold composer-poll" id="composer-poll" open>/)
    assert.match(response.body, /value="At dawn"/)
    assert.match(response.body, /When shall we sweep\?/)
  }
  const more = await ana.submit('/posts', { ...question, addOption: 'yes' })
  const draft = await ana.page(String(more.headers.location))
  assert.match(draft, /name="pollOption5"/)
  assert.match(draft, /value="At dusk"/)
  assert.equal(await instance.ctx.db.$count(posts), 0)
  await ask(ana, { pollOption1: '', pollOption2: ' ', pollOption4: '' })
  assert.equal(await instance.ctx.db.$count(polls), 0, 'empty fields ask nothing')
})

test('at its end a poll is closed, its author and voters are told once, and nobody votes any more', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo, cy] = [await instance.as('ana'), await instance.as('bo'), await instance.as('cy')]
  const id = await ask(ana)
  await bo.submit(`/posts/${id}/vote`, { choice: '1' })
  instance.clock.advance(hourMs + 1_000)
  await cy.submit(`/posts/${id}/vote`, { choice: '1' })
  assert.match(await cy.page('/home'), /This poll has ended/, 'though nobody has noticed yet')
  await instance.runJobs()
  await instance.runJobs()
  assert.notEqual((await findPoll(instance.ctx.db, id))?.closedAt, null)
  const told = await instance.ctx.db.select().from(notifications).where(eq(notifications.kind, 'poll'))
  assert.deepEqual(told.map((each) => each.accountId).sort(), [ana.account.id, bo.account.id].sort())
  for (const person of [ana, bo]) assert.match(await person.page('/notifications'), /A poll by[\s\S]*has ended/)
  assert.match(await cy.page(`/@ana/${id}`), /Ended <time/)
})

test('an edit that asks the same keeps the votes; one that asks something else starts anew, and the history shows what was asked', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  const id = await ask(ana)
  await bo.submit(`/posts/${id}/vote`, { choice: '1' })
  const editor = await ana.page(`/posts/${id}/edit`)
  assert.match(editor, /value="At noon"/)
  assert.match(editor, /all votes so far are lost/)
  const same = {
    text: 'When shall we sweep, dear all?',
    pollOption1: 'At dawn',
    pollOption2: 'At noon',
    pollOption3: 'At dusk',
    pollChoice: 'one',
    pollEnds: ''
  }
  assert.equal((await ana.submit(`/posts/${id}/edit`, same)).statusCode, 303)
  assert.deepEqual(await countsOf(instance, id), [['At dawn', 0], ['At noon', 1], ['At dusk', 0], 1])
  const endsAt = (await findPoll(instance.ctx.db, id))?.endsAt

  await ana.submit(`/posts/${id}/edit`, { ...same, pollOption2: 'At midnight' })
  assert.deepEqual(await countsOf(instance, id), [['At dawn', 0], ['At midnight', 0], ['At dusk', 0], 0])
  assert.equal((await findPoll(instance.ctx.db, id))?.endsAt, endsAt)
  assert.equal(await instance.ctx.db.$count(pollVotes), 0)
  assert.match(await ana.page(`/@ana/${id}/history`), /At noon/)
  assert.equal((await bo.submit(`/posts/${id}/vote`, { choice: '1' })).statusCode, 303)

  instance.clock.advance(2 * hourMs)
  await instance.runJobs()
  const late = await ana.submit(`/posts/${id}/edit`, { ...same, pollOption1: 'Never' })
  assert.equal(late.statusCode, 422)
  assert.match(late.body, /This poll has ended/)
  await ana.submit(`/posts/${id}/edit`, { ...same, pollOption1: 'Never', pollEnds: '86400' })
  assert.equal((await findPoll(instance.ctx.db, id))?.closedAt, null)
  assert.equal(await instance.ctx.db.$count(notifications, eq(notifications.kind, 'poll')), 0)

  await ana.submit(`/posts/${id}/edit`, { text: 'Let us not ask', pollOption1: '', pollOption2: '' })
  assert.equal(await instance.ctx.db.$count(polls), 0)
  const [post] = await instance.ctx.db.select().from(posts).where(eq(posts.id, id))
  assert.equal(post?.type, 'Note')
  await instance.runJobs()
  assert.deepEqual(instance.logged, [])
})

test('a deleted post takes its poll along, and an erased voter the votes of what is open', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo, cy] = [await instance.as('ana'), await instance.as('bo'), await instance.as('cy')]
  const [gone, open, over] = [await ask(ana), await ask(ana, { pollEnds: '86400' }), await ask(ana, { pollEnds: '1800' })]
  for (const id of [gone, open, over]) for (const person of [bo, cy]) await person.submit(`/posts/${id}/vote`, { choice: '1' })
  await ana.submit(`/posts/${gone}/delete`)
  assert.equal(await instance.ctx.db.$count(polls), 2)
  assert.equal(await instance.ctx.db.$count(pollVotes), 4)
  instance.clock.advance(hourMs)
  await instance.runJobs()
  const { clearAccount } = await import('#server/accounts/clear-account.ts')
  await clearAccount(instance.ctx, { accountId: bo.account.id })
  assert.deepEqual(await countsOf(instance, open), [['At dawn', 0], ['At noon', 1], ['At dusk', 0], 1])
  assert.deepEqual(await countsOf(instance, over), [['At dawn', 0], ['At noon', 2], ['At dusk', 0], 2])
  assert.equal(await instance.ctx.db.$count(pollVotes, eq(pollVotes.accountId, bo.account.id)), 0)
})

test('whoever votes means what they read: an option that was put in its place meanwhile gets no vote', async (t) => {
  const instance = await startInstance(t)
  const [ana, bo] = [await instance.as('ana'), await instance.as('bo')]
  const id = await ask(ana)
  const [, value] = /name="choice" value="(0[^"]*)"/.exec(await bo.page(`/@ana/${id}`)) ?? []
  assert.ok(value)
  const poll = { options: ['At dusk', 'At dawn'], isMultiple: false }
  await editPost(instance.ctx, await whoIs(instance, 'ana'), { postId: id, text: 'When shall we sweep?', language: 'en', poll })
  await bo.submit(`/posts/${id}/vote`, { choice: value })
  assert.equal(await instance.ctx.db.$count(pollVotes), 0)
  assert.match(await bo.page(`/@ana/${id}`), /The poll has been changed/)
})
