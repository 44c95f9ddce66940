import { and, desc, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { prepare, type Reader, type Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { bookmarks, favourites, postMentions, posts } from '#db/schema/posts.ts'
import { searchPasses } from '#db/schema/search.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { isThere } from '#server/posts/is-there.ts'
import { foldRules } from '#server/search/fold.ts'
import { indexPost } from '#server/search/index-post.ts'

export const indexJob = 'index-earlier-posts'
/** One step looks at so many posts, and so holds others up for some tens of milliseconds. */
const postsPerStep = 100
const onlyPass = 1

export type SearchPass = typeof searchPasses.$inferSelect

/** How far the index of earlier posts is; undefined while none was begun. */
export async function findSearchPass(db: Reader): Promise<SearchPass | undefined> {
  const [pass] = await db.select().from(searchPasses).where(eq(searchPasses.id, onlyPass))
  return pass
}

/** Posts that were here before the index, or were indexed by other rules, come into it: begun once, by whoever looks first. */
export async function beginSearchIndex(ctx: Context): Promise<void> {
  if ((await findSearchPass(ctx.db))?.rules === foldRules) return
  await ctx.transact((tx) => startSearchPass(tx))
}

/** Begins to index all posts anew, the newest first, as jobs beside everything else; a pass under way begins again. */
export async function startSearchPass(tx: Tx): Promise<void> {
  const begun = { rules: foldRules, beforeId: tx.newId() + 1, looked: 0, startedAt: tx.now, endedAt: null }
  await tx
    .insert(searchPasses)
    .values({ id: onlyPass, ...begun })
    .onConflictDoUpdate({ target: searchPasses.id, set: begun })
  await enqueue(tx, { kind: indexJob, input: {}, lane: 'slow', onceKey: indexJob })
}

/** One step of the pass; its progress is written with what it indexed, so that a restart goes on where it was. */
export async function stepSearchIndex(ctx: Context, _input: Record<string, unknown>, job: JobRun): Promise<void> {
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    const pass = await findSearchPass(tx)
    if (!pass || pass.endedAt !== null) return
    const rows = await readEarlier(tx, { before: pass.beforeId })
    for (const { id, isFindable } of rows) if (isFindable) await indexPost(tx, id)
    const isOver = rows.length < postsPerStep
    await tx
      .update(searchPasses)
      .set({ beforeId: rows.at(-1)?.id ?? 0, looked: pass.looked + rows.length, endedAt: isOver ? tx.now : null })
      .where(eq(searchPasses.id, onlyPass))
    if (!isOver) await enqueue(tx, { kind: indexJob, input: {}, lane: 'slow', onceKey: indexJob })
  })
}

const concerns = (table: typeof favourites | typeof bookmarks | typeof postMentions) =>
  isThere(
    sql`from ${table} mine join ${accounts} ours on ours.id = mine.account_id and ours.domain is null where mine.post_id = ${posts.id}`
  )

const readEarlier = prepare((db: Tx) =>
  db
    .select({
      id: posts.id,
      isFindable: sql<boolean>`(${or(
        sql`${posts.isLocal}`,
        sql`(${accounts.isIndexable} and ${posts.visibility} = 'public')`,
        concerns(postMentions),
        concerns(bookmarks),
        concerns(favourites),
        isThere(sql`from ${posts} boost where boost.boost_of_id = ${posts.id} and boost.boost_of_id is not null and boost.is_local`),
        isThere(sql`from ${posts} reply where reply.reply_to_id = ${posts.id} and reply.is_local`)
      )})`.mapWith(Boolean)
    })
    .from(posts)
    .innerJoin(accounts, eq(accounts.id, posts.authorId))
    .where(and(lt(posts.id, sql.placeholder('before')), isNull(posts.boostOfId), isNull(posts.deletedAt)))
    .orderBy(desc(posts.id))
    .limit(sql.raw(String(postsPerStep)) as never)
)
