import { and, eq } from 'drizzle-orm'
import type { Reader, Tx } from '#db/reader.ts'
import { posts, submissions } from '#db/schema/posts.ts'
import { requireActive } from '#server/posts/authors.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { checkThread, inPart, type NewPost } from '#server/posts/prepare-post.ts'
import { writeOwnPost } from '#server/posts/write-own-post.ts'

const submissionKeyCharactersMax = 100

/** What else is written in the transaction that publishes; it runs when the posts are written, and not when an earlier submission had written them. */
export type AlsoWritten = (tx: Tx, published: readonly PostRow[]) => Promise<void>

/**
 * A person of ours writes a post. Mentions are resolved first (that may ask other servers), then post, audience, tags, pictures and
 * the fact `post-published` are written together. A reply to a followers-only or direct post is narrowed to it; a direct post is for the people
 * it mentions, a direct reply without mentions for those of the conversation. Refusals: checkDraft's and attachMedia's; 'missing' when the parent or a picture is
 * not there for the author; 'invalid' for a direct post to nobody; 'forbidden' for whoever may not write, or may not answer or quote that post. Where the author of
 * either wants to be asked first, they are: the reply hangs on nothing until then, and the quote shows nothing.
 */
export async function publishPost(ctx: Context, who: Who, input: NewPost): Promise<PostRow> {
  const [post] = await publishThread(ctx, who, [input])
  return post!
}

/**
 * Publishes posts that go on from one another, each a reply to the one before, in one transaction: all appear, or none. What the first answers and quotes, and
 * its submission key, are the thread's; sent again with the same key, the first post comes back alone. Refusals: as publishPost's, where the field of part n
 * (from 2) is named `text<n>` or `images<n>`; 'invalid' for more than threadPartsMax parts.
 */
export async function publishThread(ctx: Context, who: Who, parts: readonly NewPost[], also?: AlsoWritten): Promise<PostRow[]> {
  const author = requireActive(who)
  const submissionKey = parts[0]?.submissionKey?.slice(0, submissionKeyCharactersMax)
  const before = submissionKey ? await findSubmitted(ctx.db, author.id, submissionKey) : undefined
  if (before) return [before]
  const prepared = await checkThread(ctx, who, parts)
  return ctx.transact(async (tx) => {
    const firstId = tx.newId()
    if (submissionKey) {
      const taken = await tx
        .insert(submissions)
        .values({ accountId: author.id, key: submissionKey, postId: firstId, createdAt: tx.now })
        .onConflictDoNothing()
        .returning()
      const first = taken.length === 0 ? await findSubmitted(tx, author.id, submissionKey) : undefined
      if (first) return [first]
    }
    const written: PostRow[] = []
    for (const [at, part] of prepared.entries()) {
      const id = at === 0 ? firstId : tx.newId()
      written.push(await inPart(at, () => writeOwnPost(ctx, tx, id, part, written.at(-1))))
    }
    await also?.(tx, written)
    return written
  })
}

/** The post an earlier submission of the same key made, even when it is deleted since: the same form does not make another. */
export async function findSubmitted(db: Reader, accountId: number, key: string): Promise<PostRow | undefined> {
  const [row] = await db
    .select({ post: posts })
    .from(submissions)
    .innerJoin(posts, eq(posts.id, submissions.postId))
    .where(and(eq(submissions.accountId, accountId), eq(submissions.key, key)))
  return row?.post
}
