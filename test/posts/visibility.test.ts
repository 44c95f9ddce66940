import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows } from '#db/schema/follows.ts'
import { domainLimits } from '#db/schema/moderation.ts'
import { postAudience, posts } from '#db/schema/posts.ts'
import { writeLimit } from '#server/moderation/limit-domain.ts'
import { maySee, type PostFacts, visibleTo } from '#server/posts/visibility.ts'
import { isWithinDomain } from '#server/platform/host-names.ts'
import { createWorld } from '#test/posts/world.ts'

/** Worlds drawn; the long form draws many more. */
const runs = Number(process.env.VISIBILITY_RUNS ?? 60)
const people = 4
const domains = [null, null, 'far.test', 'sub.far.test:8443', 'sofar.test', 'x2'] as const
const limitable = ['far.test', 'x2', 'x', 'sofar.test', 'ub.far.test', 'sub.far.test', 'sub.far.test:8443', 'sub.far.test:1']
const who = fc.integer({ min: 0, max: people - 1 })
const pairs = fc.uniqueArray(fc.tuple(who, who), { maxLength: 5, selector: ([a, b]) => a * people + b })

const drawnPost = fc.record({
  author: who,
  visibility: fc.constantFrom('public', 'unlisted', 'followers', 'direct'),
  isDeleted: fc.boolean(),
  isLocalOnly: fc.boolean(),
  audience: fc.uniqueArray(fc.record({ kind: fc.constantFrom('followers', 'person', 'silent'), account: who }), {
    maxLength: 3,
    selector: ({ kind, account }) => `${kind}${account}`
  }),
  /** Place of the boosted post among those before, for a boost. */
  boostOf: fc.option(fc.integer({ min: 0, max: 5 }), { freq: 3 })
})
const drawnWorld = fc.record({
  people: fc.array(fc.record({ domain: fc.constantFrom(...domains), isSuspended: fc.boolean(), isErased: fc.boolean() }).map(oftenFine), {
    minLength: people,
    maxLength: people
  }),
  follows: fc.uniqueArray(fc.tuple(who, who, fc.constantFrom('accepted' as const, 'pending' as const)), {
    maxLength: 6,
    selector: ([a, b]) => a * people + b
  }),
  blocks: pairs,
  limits: fc.uniqueArray(
    fc.record({ domain: fc.constantFrom(...limitable), severity: fc.constantFrom('suspend' as const, 'silence' as const) }),
    {
      maxLength: 2,
      selector: ({ domain }) => domain
    }
  ),
  posts: fc.array(drawnPost, { minLength: 1, maxLength: 6 })
})

/** Mostly people nothing is wrong with, or nearly every post would be hidden. */
function oftenFine<T extends { isSuspended: boolean; isErased: boolean }>(person: T): T {
  const isErased = person.isErased && person.isSuspended
  return { ...person, isErased, isSuspended: person.isSuspended && !isErased }
}

test('the rule as a function and as SQL agree, whoever looks at whatever', async (t) => {
  const { database } = await createWorld(t)
  let seen = 0
  let hidden = 0
  await fc.assert(
    fc.asyncProperty(drawnWorld, async (drawn) => {
      const ids = { person: (place: number) => place + 1, post: (place: number) => place + 1 }
      await database.transact(async (tx) => {
        for (const table of [posts, postAudience, follows, blocks, domainLimits, accounts]) await tx.delete(table)
        await tx.insert(accounts).values(
          drawn.people.map(({ domain, isSuspended, isErased }, place) => ({
            id: ids.person(place),
            name: `p${place}`,
            nameKey: `p${place}`,
            domain,
            uri: `https://p.test/${place}`,
            createdAt: 1,
            suspendedAt: isSuspended ? 1 : null,
            deletedAt: isErased ? 1 : null
          }))
        )
        for (const limit of drawn.limits) await writeLimit(tx, { ...limit, reason: '' })
        for (const [place, [a, b, state]] of drawn.follows.entries())
          await tx
            .insert(follows)
            .values({ id: place + 1, followerId: ids.person(a), followedId: ids.person(b), state, uri: `f${place}`, createdAt: 1 })
        for (const [place, [a, b]] of drawn.blocks.entries())
          await tx
            .insert(blocks)
            .values({ id: place + 1, accountId: ids.person(a), targetId: ids.person(b), uri: `b${place}`, createdAt: 1 })
        for (const [place, post] of drawn.posts.entries()) {
          const id = ids.post(place)
          const boostOfId = originalOf(drawn.posts, place)
          const written = await tx
            .insert(posts)
            .values({
              id,
              uri: `post${place}`,
              authorId: ids.person(post.author),
              boostOfId: boostOfId === undefined ? null : ids.post(boostOfId),
              threadId: id,
              visibility: post.visibility as 'public',
              isLocalOnly: post.isLocalOnly,
              isLocal: true,
              createdAt: 1,
              deletedAt: post.isDeleted ? 1 : null
            })
            .onConflictDoNothing()
            .returning({ id: posts.id })
          if (written.length === 0) continue
          for (const { kind, account } of post.audience)
            await tx
              .insert(postAudience)
              .values({ postId: id, kind: kind as 'person', accountId: ids.person(account) })
              .onConflictDoNothing()
        }
      })
      const written = new Set((await database.reader.select({ id: posts.id }).from(posts)).map((row) => row.id))
      const factsOf = (place: number): PostFacts => {
        const post = drawn.posts[place] as (typeof drawn.posts)[number]
        const author = drawn.people[post.author] as (typeof drawn.people)[number]
        const isOnSuspended = drawn.limits.some(
          ({ domain, severity }) => severity === 'suspend' && author.domain !== null && isWithinDomain(author.domain, domain)
        )
        const boosted = originalOf(drawn.posts, place)
        return {
          authorId: ids.person(post.author),
          visibility: post.visibility as 'public',
          isLocalOnly: post.isLocalOnly,
          isDeleted: Boolean(post.isDeleted),
          isAuthorHidden: author.isSuspended || author.isErased || isOnSuspended,
          audience: post.audience.map(({ kind, account }) => ({ kind: kind as 'person', accountId: ids.person(account) })),
          ...(boosted === undefined ? {} : { original: factsOf(boosted) })
        }
      }
      for (const viewer of [undefined, 0, 1, 2, 3]) {
        const viewerId = viewer === undefined ? undefined : ids.person(viewer)
        const bySql = new Set((await database.reader.select({ id: posts.id }).from(posts).where(visibleTo(viewerId))).map((row) => row.id))
        const facts =
          viewerId === undefined
            ? undefined
            : { accountId: viewerId, isLocal: drawn.people[viewerId - 1]?.domain === null, ...relationsOf(drawn, viewerId) }
        for (const place of drawn.posts.keys()) {
          if (!written.has(ids.post(place))) continue
          const expected = maySee(facts, factsOf(place))
          if (expected) seen++
          else hidden++
          assert.equal(bySql.has(ids.post(place)), expected, `post ${place} for viewer ${viewer}`)
        }
      }
    }),
    { numRuns: runs }
  )
  assert.ok(seen > 10 && hidden > 10, `both answers were drawn (${seen} seen, ${hidden} hidden)`)
})

test('a limit on a domain holds for its subdomains and ports, and for no other name', async (t) => {
  const world = await createWorld(t)
  const names = ['far.test', 'a.far.test', 'far.test:8443', 'a.b.far.test:99', 'sofar.test', 'far.test.other', 'xfar.test:1', 'r2']
  const byName = new Map(await Promise.all(names.map(async (name) => [(await world.remote('ana', name)).id, name] as const)))
  for (const id of byName.keys()) {
    const account = { id, domain: byName.get(id) ?? '' } as Awaited<ReturnType<typeof world.remote>>
    await world.receive(account, String(id))
  }
  await world.database.transact(async (tx) => {
    for (const domain of ['far.test', 'r']) await writeLimit(tx, { domain, severity: 'suspend', reason: '' })
  })
  const rows = await world.ctx.db.select({ authorId: posts.authorId }).from(posts).where(visibleTo(undefined))
  assert.deepEqual(rows.map((row) => byName.get(row.authorId)).sort(), ['far.test.other', 'r2', 'sofar.test', 'xfar.test:1'])
})

/** Only posts that are no boosts themselves, and come before, are boosted; by the same account once. */
function originalOf(drawn: readonly { boostOf: number | null }[], place: number): number | undefined {
  const boostOf = drawn[place]?.boostOf
  if (boostOf === null || boostOf === undefined || boostOf >= place) return undefined
  return originalOf(drawn, boostOf) === undefined ? boostOf : undefined
}

function relationsOf(drawn: { follows: [number, number, string][]; blocks: [number, number][] }, viewerId: number) {
  const viewer = viewerId - 1
  return {
    followedIds: new Set(drawn.follows.filter(([a, , state]) => a === viewer && state === 'accepted').map(([, b]) => b + 1)),
    blockedIds: new Set(drawn.blocks.flatMap(([a, b]) => (a === viewer ? [b + 1] : b === viewer ? [a + 1] : [])))
  }
}
