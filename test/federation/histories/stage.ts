import type { TestContext } from 'node:test'
import { eq, inArray, notLike, sql } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import * as schema from '#db/schema/all.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { type Remote, type RemoteActor, remote } from '#test/helpers/remote.ts'
import { whoIs } from '#test/helpers/who-is.ts'

/** Between two histories, so that no rate of any server is used up. */
const betweenMs = 10 * 60_000
const minuteMs = 60_000

/** One instance and the people of two servers, on which one history after the other is played from the same beginning. */
export interface Theatre {
  instance: Instance
  servers: readonly [Remote, Remote]
  /** A new beginning: what was there is gone, and ids never come twice. */
  setStage(): Promise<Stage>
}

/** A beginning: what stands before a history, and its names. */
export interface Stage {
  number: number
  actors: readonly RemoteActor[]
  alice: string
  bob: string
  /** Posts of alice's. */
  ours: readonly string[]
  poll: PostRow
  choices: readonly string[]
  idOf(actor: RemoteActor, name: string): string
  /** The follow of bob's, still pending, that an actor may answer. */
  followOf(actor: RemoteActor): string
  /** Names the post of a story, by its place. */
  postIs(story: number, uri: string): void
  postOf(story: number): string | undefined
  /** What its server answers under an id; 410 for undefined. */
  serve(uri: string, document: Record<string, unknown> | undefined): void
  /** So many minutes after the beginning of the history, ISO 8601. */
  at(minutes: number): string
  beganAt: number
}

export async function openTheatre(t: TestContext): Promise<Theatre> {
  const instance = await startInstance(t)
  const [alice, bob] = [await whoIs(instance, 'alice'), await whoIs(instance, 'bob')]
  const servers = [await remote(t, instance, 'a.test'), await remote(t, instance, 'b.test')] as const
  const actors: RemoteActor[] = []
  for (const [server, name] of [
    [servers[0], 'ana'],
    [servers[0], 'ann'],
    [servers[1], 'ben'],
    [servers[1], 'bill']
  ] as const)
    actors.push(await server.actor(name, { featured: `${server.origin}/users/${name}/featured` }))
  for (const actor of actors) await instance.ctx.fediverse.resolve(actor.uri)
  await instance.ctx.transact((tx) => tx.update(accounts).set({ isLocked: true }).where(eq(accounts.id, bob.account.id)))
  const remotes = await Promise.all(actors.map((actor) => findAccountByUri(instance.ctx.db, actor.uri)))
  const choices = ['one', 'two', 'three']
  let number = 0

  async function setStage(): Promise<Stage> {
    await instance.runJobs()
    await clear(instance)
    for (const server of servers) server.documents.clear()
    instance.clock.advance(betweenMs)
    number += 1
    const stage = `s${number}`
    const followOf = (actor: RemoteActor) => `${bob.account.uri}#follow-${stage}-${actors.indexOf(actor)}`
    const ours: string[] = []
    for (const text of ['First.', 'Second.']) ours.push((await publishPost(instance.ctx, alice, { text, visibility: 'public' })).uri)
    const poll = await publishPost(instance.ctx, alice, {
      text: 'Which?',
      visibility: 'public',
      poll: { options: choices, isMultiple: false, lastsS: 86_400 }
    })
    await instance.ctx.transact(async (tx) => {
      for (const [at, actor] of actors.entries()) {
        const ids = { id: tx.newId(), followerId: bob.account.id, followedId: remotes[at]!.id }
        await tx.insert(schema.follows).values({ ...ids, state: 'pending', uri: followOf(actor), createdAt: tx.now })
      }
    })
    const beganAt = instance.clock.now() - 60 * minuteMs
    const postUris = new Map<number, string>()
    return {
      number,
      actors,
      alice: alice.account.uri,
      bob: bob.account.uri,
      ours,
      poll,
      choices,
      idOf: (actor, name) => `${new URL(actor.uri).origin}/${stage}/${name}`,
      followOf,
      postIs: (story, uri) => void postUris.set(story, uri),
      postOf: (story) => postUris.get(story),
      serve(uri, document) {
        const server = uri.startsWith(servers[0].origin) ? servers[0] : servers[1]
        server.documents.set(new URL(uri).pathname, document ?? { status: 410 })
      },
      at: (minutes) => new Date(beganAt + minutes * 5 * minuteMs).toISOString(),
      beganAt
    }
  }

  return { instance, servers, setStage }
}

/** What histories leave behind; people, keys and servers stay. */
const left = [
  ...[schema.notifications, schema.favourites, schema.reactions, schema.reactionCounts, schema.pollVotes, schema.pollOptions, schema.polls],
  ...[schema.pins, schema.blocks, schema.follows, schema.postAudience, schema.postMentions, schema.postTags, schema.postVersions],
  ...[schema.posts, schema.tombstones, schema.takenBack, schema.receipts, schema.deliveries, schema.activities]
]

async function clear({ ctx }: Instance): Promise<void> {
  await ctx.transact(async (tx) => {
    for (const table of left) await tx.delete(table)
    await tx.delete(schema.jobs).where(notLike(schema.jobs.kind, 'schedule: %'))
    await tx
      .update(accounts)
      .set({ followersCount: 0, followingCount: 0, postsCount: 0 })
      .where(inArray(accounts.type, ['Person', 'Service']))
    await tx.update(accounts).set({ fetchedAt: tx.now }).where(sql`${accounts.domain} is not null`)
  })
}
