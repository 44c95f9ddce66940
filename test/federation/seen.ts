import assert from 'node:assert/strict'
import { and, eq } from 'drizzle-orm'
import { follows } from '#db/schema/follows.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import { findPostById, type PostRow } from '#server/posts/find-post.ts'
import type { Instance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'

/** A post that somebody of ours writes on the page for it, with all that follows. */
export async function postOnPage(
  instance: Instance,
  person: TestPerson,
  text: string,
  fields: Record<string, string> = {}
): Promise<PostRow> {
  const answer = await person.submit('/posts', { text, visibility: 'public', idempotencyKey: text, ...fields })
  assert.equal(answer.statusCode, 303, answer.body.slice(0, 300))
  await instance.runJobs()
  const post = await findPostById(instance.ctx.db, Number(/post-(\d+)/.exec(String(answer.headers.location))?.[1]))
  assert.ok(post)
  return post
}

/** How a follow stands here; undefined when there is none, or one of the two is not known. */
export async function stateOfFollow({ ctx: { db } }: Instance, follower: string, followed: string): Promise<string | undefined> {
  const [a, b] = [await findAccountByUri(db, follower), await findAccountByUri(db, followed)]
  if (!a || !b) return undefined
  const [row] = await db
    .select()
    .from(follows)
    .where(and(eq(follows.followerId, a.id), eq(follows.followedId, b.id)))
  return row?.state
}
