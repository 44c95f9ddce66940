import { wordsForPostgres } from '#db/dialects/postgres/search.ts'
import { findPosts } from '#server/search/find-posts.ts'
import { authorMark, openMark, personMark } from '#server/search/marks.ts'
import { type PostQuery, readQuery } from '#server/search/read-query.ts'
import { inBulk } from '#test/bench/bulk.ts'
import { fill } from '#test/bench/fill.ts'
import { goal, measure, show } from '#test/bench/harness.ts'
import { startBenchInstance } from '#test/bench/instance.ts'
import { createPerson } from '#test/helpers/people.ts'

const sizes = { '1k': 1_000, '1M': 1_000_000 }
const searchesPerRepeat = 60
const wordsPerPost = 30
const vocabulary = 50_000
/** Of so many posts one is the reader's to find though its author does not want to be found. */
const ownEvery = 50
const searches = {
  'a word in every third post': 'common',
  'a word of one post in a hundred': 'seldom',
  'a word of five posts': 'rare',
  'a word of no post': 'nowhere',
  'two words': 'common seldom',
  'a phrase': '"common seldom"',
  'without a word': 'seldom -common',
  'from somebody': 'common from:me',
  'in the library': 'seldom in:library'
}

/** A search of the words of posts, with the rules of who may see what, among few posts and among very many. */
export async function search(): Promise<void> {
  const perSize: Record<string, Record<string, number>> = {}
  for (const [label, posts] of Object.entries(sizes)) {
    const bench = await startBenchInstance()
    await fill(bench.place, { authors: 1_000, posts, newestAt: bench.ctx.clock.now() - 60_000 })
    const person = await createPerson(bench.ctx, bench.app, 'reader', 'person')
    await fillIndex(bench.place, person.account.id)
    const viewer = { accountId: person.account.id, zone: 'UTC' }
    const cases = Object.entries(searches).map(([name, typed]) => ({
      name,
      count: searchesPerRepeat,
      run: () => findPosts(bench.ctx, viewer, readQuery(typed) as PostQuery)
    }))
    const results = await measure(cases)
    show(`Search, ${label} posts`, results)
    perSize[label] = Object.fromEntries(results.map((result) => [result.name, result.cpuMs]))
    await bench.close()
  }
  const cost = (size: string, name: string) => perSize[size]?.[name] ?? Number.NaN
  for (const name of Object.keys(searches)) goal(`CPU of a search at 1M posts to 1k, ${name}`, cost('1M', name) / cost('1k', name), 3)
}

/** Every post in the index, with words drawn so that few of them stand in most texts, as in any language. */
export function fillIndex(place: string, readerId: number): Promise<void> {
  return inBulk(place, async (bulk) => {
    await bulk.run('update accounts set is_indexable = true')
    const posts = await bulk.rows<{ id: number; authorId: number }>('select id, author_id as "authorId" from posts order by id desc')
    await bulk.fill('search_posts', ['rowid', 'words'], entriesOf(posts, readerId, bulk.isPostgres))
    // As the job of every day leaves it (server/search/merge-index.ts).
    if (!bulk.isPostgres) await bulk.run(`insert into search_posts (search_posts) values ('optimize')`)
    const own = posts.filter((_, at) => at % ownEvery === 0).map(({ id }) => [id, readerId, id, 1])
    await bulk.insert('bookmarks', ['id', 'account_id', 'post_id', 'created_at'], own)
  })
}

function* entriesOf(
  posts: readonly { id: number; authorId: number }[],
  readerId: number,
  isPostgres: boolean
): Iterable<readonly unknown[]> {
  let drawn = 1
  const draw = () => (drawn = (drawn * 48_271) % 2_147_483_647) / 2_147_483_647
  for (const [at, { id, authorId }] of posts.entries()) {
    const isOwn = at % ownEvery === 0
    const words = Array.from({ length: wordsPerPost }, () => `w${Math.floor(draw() ** 3 * vocabulary)}`)
    if (at % 3 === 0) words.push('common')
    if (at % 100 === 0) words.push('seldom')
    if (at % Math.ceil(posts.length / 5) === 0) words.push('rare')
    const marks = [openMark, authorMark(isOwn && at % (2 * ownEvery) === 0 ? readerId : authorId), ...(isOwn ? [personMark(readerId)] : [])]
    yield isPostgres ? [id, wordsForPostgres(id, words, marks)] : [-id, [...marks, ...words].join(' ')]
  }
}
