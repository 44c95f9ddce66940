import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import type { FilterPlace } from '#db/schema/filters.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Person } from '#server/accounts/who.ts'
import type { FilterDraft } from '#server/filters/check-filter.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { getFilter, listFilters, postsOfFilter } from '#server/filters/find-filters.ts'
import { filterLimits, filterPlaces } from '#server/filters/limits.ts'
import { addToFilter, changeFilter, createFilter, removeFilter } from '#server/filters/write-filter.ts'
import { findPost } from '#server/posts/find-post.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { createWorld } from '#test/posts/world.ts'

const hourMs = 3_600_000

async function start(t: TestContext) {
  const world = await createWorld(t)
  const { ctx } = world
  const ana = await world.person('ana')
  const ben = await world.person('ben')
  /** Somebody as the next request finds them. */
  const again = async (person: Person): Promise<Person> => {
    const [user] = await ctx.db.select().from(users).where(eq(users.accountId, person.account.id))
    return { ...person, user: user! }
  }
  /** What the filters say of some posts: their action and titles, `hidden`, or nothing. */
  const said = async (ids: number[], place: FilterPlace = 'home', openedId?: number) => {
    const rows = await Promise.all(ids.map((id) => findPost(ctx.db, ana.account.id, id)))
    const details = await loadPosts(
      ctx.db,
      ana.account.id,
      rows.filter((row) => row !== undefined)
    )
    const shown = await applyFilters(ctx, await again(ana), details, place, openedId)
    return ids.map((id) => {
      const found = shown.find(({ post }) => post.id === id)
      return found ? found.filtered && `${found.filtered.action} ${found.filtered.titles.join(', ')}` : 'hidden'
    })
  }
  return { ...world, ana, ben, said }
}

const draft = (over: Partial<FilterDraft> = {}, ...words: string[]): FilterDraft => ({
  title: 'Spiders',
  action: 'warn',
  places: filterPlaces,
  keywords: words.map((keyword) => ({ keyword, isWholeWord: true })),
  ...over
})

test('a filter looks at everything a post says, and never at one’s own', async (t) => {
  const { ctx, ana, ben, said, publish } = await start(t)
  await createFilter(ctx, ana, draft({}, 'spider'))
  const poll = { options: ['a spider', 'a crab'], isMultiple: false, lastsS: 3_600 }
  const found = [
    await publish(ben, 'A *Spider* in the bath'),
    await publish(ben, 'Look', { warning: 'spider!' }),
    await publish(ben, 'Which?', { poll } as never),
    await publish(ben, 'Tagged #spider')
  ].map(({ id }) => id)
  const others = [await publish(ben, 'spiders, spiderman'), await publish(ana, 'my spider')].map(({ id }) => id)
  assert.deepEqual(
    await said(found),
    found.map(() => 'warn Spiders')
  )
  assert.deepEqual(await said(others), [undefined, undefined])
})

test('each filter works in its places, until it ends, and changes count at once', async (t) => {
  const { ctx, ana, ben, said, publish, clock } = await start(t)
  const { id: postId } = await publish(ben, 'rain again')
  const id = await createFilter(ctx, ana, draft({ title: 'Weather', places: ['home'], action: 'hide', durationMs: hourMs }, 'rain'))
  assert.deepEqual(await said([postId]), ['hidden'])
  assert.deepEqual(await said([postId], 'home', postId), ['warn Weather'], 'what was opened is folded, not gone')
  assert.deepEqual(await said([postId], 'thread'), [undefined])
  await changeFilter(ctx, ana, { id, ...draft({ title: 'Weather', places: ['thread'], action: 'blur' }, 'rain') })
  assert.deepEqual(await said([postId]), [undefined])
  assert.deepEqual(await said([postId], 'thread'), ['blur Weather'])
  clock.advance(hourMs)
  assert.deepEqual(await said([postId], 'thread'), [undefined], 'a change without a new span leaves the end as it was')
  assert.equal((await listFilters(ctx.db, ana.account.id)).length, 1, 'what has ended can be used again')
  await changeFilter(ctx, ana, { id, ...draft({ places: ['thread'], durationMs: null }, 'rain') })
  clock.advance(1_000 * hourMs)
  assert.deepEqual(await said([postId], 'thread'), ['warn Spiders'])
  await removeFilter(ctx, ana, { id })
  assert.deepEqual(await said([postId], 'thread'), [undefined])
})

test('single posts go into filters and out of them again', async (t) => {
  const { ctx, ana, ben, said, publish } = await start(t)
  const [one, two] = [await publish(ben, 'one'), await publish(ben, 'two')]
  const id = await createFilter(ctx, ana, { ...draft({ title: 'Enough' }), postId: one.id })
  await addToFilter(ctx, ana, { id, postId: two.id })
  await addToFilter(ctx, ana, { id, postId: two.id })
  assert.deepEqual(await said([one.id, two.id]), ['warn Enough', 'warn Enough'])
  const filter = await getFilter(ctx.db, ana.account.id, id)
  assert.equal(filter.postIds.length, 2)
  assert.deepEqual((await postsOfFilter(ctx.db, ana.account.id, filter)).map(({ text }) => text).sort(), ['one', 'two'])
  await changeFilter(ctx, ana, { id, removePostIds: [one.id], ...draft({ title: 'Enough' }) })
  assert.deepEqual(await said([one.id, two.id]), [undefined, 'warn Enough'])
  await assert.rejects(changeFilter(ctx, ana, { id, removePostIds: [two.id], ...draft() }), { key: 'errors.filterEmpty' })
  assert.deepEqual(await said([two.id]), ['warn Enough'], 'what was refused changed nothing')
})

test('nobody reaches another’s filters, nor puts a post in that is not for them', async (t) => {
  const { ctx, ana, ben, publish } = await start(t)
  const id = await createFilter(ctx, ana, draft({}, 'x'))
  const secret = await publish(ben, 'not for ana', { visibility: 'followers' })
  const post = await publish(ben, 'for all')
  await assert.rejects(getFilter(ctx.db, ben.account.id, id), { kind: 'missing' })
  await assert.rejects(changeFilter(ctx, ben, { id, ...draft({}, 'y') }), { kind: 'missing' })
  await assert.rejects(removeFilter(ctx, ben, { id }), { kind: 'missing' })
  await assert.rejects(addToFilter(ctx, ben, { id, postId: post.id }), { kind: 'missing' })
  await assert.rejects(addToFilter(ctx, ana, { id, postId: secret.id }), { kind: 'missing' })
  await assert.rejects(createFilter(ctx, ana, { ...draft(), postId: secret.id }), { kind: 'missing' })
  await assert.rejects(createFilter(ctx, { kind: 'operator' }, draft({}, 'x')), { kind: 'forbidden' })
  assert.deepEqual((await getFilter(ctx.db, ana.account.id, id)).keywords, [{ keyword: 'x', isWholeWord: true }])
})

test('filters are bounded and tidy', async (t) => {
  const { ctx, ana } = await start(t)
  const make = (over: Partial<FilterDraft>, ...words: string[]) => createFilter(ctx, ana, draft(over, ...words))
  await assert.rejects(make({ title: ' ' }, 'x'), { key: 'form.required', field: 'title' })
  await assert.rejects(make({ title: 'x'.repeat(filterLimits.titleCharactersMax + 1) }, 'x'), { key: 'form.tooLong' })
  await assert.rejects(make({ places: [] }, 'x'), { key: 'errors.filterNowhere' })
  await assert.rejects(make({ action: 'burn' as never }, 'x'), { field: 'action' })
  await assert.rejects(make({ durationMs: -1 }, 'x'), { field: 'expires' })
  await assert.rejects(make({}), { key: 'errors.filterEmpty' })
  await assert.rejects(make({}, '', '\u200b'), { key: 'errors.filterNothing', field: 'keyword2' })
  await assert.rejects(make({}, '🕷'.repeat(filterLimits.keywordCharactersMax + 1)), { key: 'form.tooLong', field: 'keyword1' })
  const many = Array.from({ length: filterLimits.keywordsMax + 1 }, (_, at) => `word${at}`)
  await assert.rejects(make({}, ...many), { key: 'errors.filterKeywordsMax' })
  const id = await make({}, ' Two  words ', 'two WORDS', '')
  assert.deepEqual((await getFilter(ctx.db, ana.account.id, id)).keywords, [{ keyword: 'Two words', isWholeWord: true }])
  for (let at = 1; at < filterLimits.filtersMax; at++) await make({}, `word${at}`)
  await assert.rejects(make({}, 'one more'), { kind: 'conflict', key: 'errors.filtersMax' })
})
