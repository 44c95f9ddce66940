import type { TestContext } from 'node:test'
import pino from 'pino'
import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows, mutes } from '#db/schema/follows.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account, Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { reactWith } from '#server/jobs/kinds.ts'
import { createDomainLimits } from '#server/moderation/domain-limits.ts'
import type { Resolved } from '#server/peers/fediverse.ts'
import { createIds } from '#server/platform/ids.ts'
import { createRandom } from '#server/platform/random.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { cleanToldPost, type ToldPost } from '#server/posts/received-post.ts'
import { receivePost } from '#server/posts/receive-post.ts'
import { reactions } from '#server/reactions.ts'
import { createTestClock, type TestClock } from '#test/helpers/clock.ts'
import { openTestDatabase } from '#test/helpers/database.ts'

const origin = 'https://skerry.test'

/** A database with people in it and no doors: enough for what features do. */
export async function createWorld(t: TestContext) {
  const clock: TestClock = createTestClock()
  const random = createRandom()
  const newId = createIds(clock, random)
  const { database } = await openTestDatabase(t, { now: () => clock.now(), newId, react: reactWith(reactions) })
  const asked: string[] = []
  const answers = new Map<string, Resolved>()
  const ctx = {
    config: { origin, host: 'skerry.test', handleDomain: 'skerry.test', limits: { imagesPerPostMax: 4 } },
    clock,
    random,
    db: database.reader,
    transact: database.transact,
    settings: { get: async () => ({ postCharactersMax: 5_000 }) },
    limits: createDomainLimits(database),
    log: pino({ level: 'silent' }),
    fediverse: {
      async resolve(input: string) {
        asked.push(input)
        return answers.get(input) ?? { kind: 'nothing' }
      }
    }
  } as unknown as Context

  async function addAccount(name: string, domain: string | null): Promise<Account> {
    const at = domain === null ? origin : `https://${domain}`
    const values = { id: newId(), name, nameKey: name.toLowerCase(), domain, uri: `${at}/@${name}`, createdAt: clock.now() }
    const [row] = await database.transact((tx) => tx.insert(accounts).values(values).returning())
    return row as Account
  }

  const world = {
    ctx,
    database,
    clock,
    /** Handles the fediverse was asked for. */
    asked,
    /** What the fediverse answers. */
    answers,
    async person(name: string): Promise<Person> {
      const account = await addAccount(name, null)
      const email = `${name}@mail.test`
      const at = { createdAt: clock.now(), emailConfirmedAt: clock.now(), approvedAt: clock.now() }
      const values = { accountId: account.id, email, emailKey: email, passwordHash: '', ...at }
      const [user] = await database.transact((tx) => tx.insert(users).values(values).returning())
      return { kind: 'account', account, user: user as Person['user'] }
    },
    remote: (name: string, domain = 'far.test') => addAccount(name, domain),
    async follow(
      follower: { id: number },
      followed: { id: number },
      changes: { showBoosts?: boolean; state?: 'pending' | 'accepted' } = {}
    ) {
      const id = newId()
      const values = {
        id,
        followerId: follower.id,
        followedId: followed.id,
        state: 'accepted' as const,
        uri: `${origin}/f/${id}`,
        createdAt: clock.now(),
        ...changes
      }
      await database.transact((tx) => tx.insert(follows).values(values))
      return id
    },
    async block(by: { id: number }, target: { id: number }) {
      const id = newId()
      await database.transact((tx) =>
        tx.insert(blocks).values({ id, accountId: by.id, targetId: target.id, uri: `${origin}/b/${id}`, createdAt: clock.now() })
      )
    },
    async mute(by: { id: number }, target: { id: number }, expiresAt: number | null = null) {
      await database.transact((tx) =>
        tx.insert(mutes).values({ id: newId(), accountId: by.id, targetId: target.id, expiresAt, createdAt: clock.now() })
      )
    },
    publish: (who: Person, text: string, more: Partial<Parameters<typeof publishPost>[2]> = {}) => publishPost(ctx, who, { text, ...more }),
    /** A remote post arrives; public unless told otherwise. */
    receive(author: Account, name: string, told: Partial<ToldPost> = {}) {
      const clean = cleanToldPost({ ...toldBy(author, name), ...told })
      return database.transact((tx) => receivePost(tx, random, clean))
    }
  }
  return world
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** What a remote server tells of a public post. */
export function toldBy(author: Account, name: string): ToldPost {
  return {
    uri: `https://${author.domain}/notes/${name}`,
    authorId: author.id,
    type: 'Note',
    html: `<p>${name}</p>`,
    publicIn: 'to',
    isForFollowers: true,
    mentionIds: [],
    silentIds: [],
    tags: [],
    media: []
  }
}
