import type { TestContext } from 'node:test'
import { and, eq, like } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import type { Account } from '#server/accounts/who.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { type Instance, type InstanceOptions, startInstance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'
import { type Remote, type RemoteActor, remote } from '#test/helpers/remote.ts'

/** One instance with alice, and three servers: honest a and b, and evil. */
export interface World {
  instance: Instance
  alice: TestPerson
  a: RemoteActor
  b: RemoteActor
  e: RemoteActor
  servers: { a: Remote; b: Remote; e: Remote }
  /** Posts that say something, whoever wrote them. */
  saying(words: string): Promise<PostRow[]>
  postAt(uri: string): Promise<PostRow | undefined>
  accountAt(uri: string): Promise<Account | undefined>
  /** GETs that any of the servers was asked. */
  fetches(): string[]
  /** Has b's actor known here, as if it had spoken before. */
  knowing(...actors: RemoteActor[]): Promise<void>
}

export async function startWorld(t: TestContext, options: InstanceOptions = {}): Promise<World> {
  const instance = await startInstance(t, options)
  const { db } = instance.ctx
  const [alice, a, b, e] = await Promise.all([
    instance.as('alice'),
    remote(t, instance, 'a.test'),
    remote(t, instance, 'b.test'),
    remote(t, instance, 'e.test')
  ])
  const world: World = {
    instance,
    alice,
    a: await a.actor('ana'),
    b: await b.actor('ben'),
    e: await e.actor('eve'),
    servers: { a, b, e },
    saying: (words) =>
      db
        .select()
        .from(posts)
        .where(like(posts.html, `%${words}%`)),
    async postAt(uri) {
      const [row] = await db.select().from(posts).where(eq(posts.uri, uri))
      return row
    },
    async accountAt(uri) {
      const [row] = await db
        .select()
        .from(accounts)
        .where(and(eq(accounts.uri, uri)))
      return row
    },
    fetches: () =>
      [a, b, e].flatMap((server) =>
        server.requests.filter((line) => line.startsWith('GET')).map((line) => line.replace('GET ', server.origin))
      ),
    async knowing(...actors) {
      for (const actor of actors) await instance.ctx.fediverse.resolve(actor.uri)
    }
  }
  return world
}
