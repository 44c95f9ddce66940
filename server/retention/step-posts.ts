import { and, asc, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import type { Context } from '#server/context.ts'
import { timeOfId } from '#server/platform/ids.ts'
import type { RetentionPass } from '#server/retention/find-pass.ts'
import { forgetPosts } from '#server/retention/forget-posts.ts'
import type { Step } from '#server/retention/step.ts'
import { isOfFollowed, isTouched } from '#server/retention/touched.ts'

/** Rows looked at in one step. */
const rowsPerStep = 300
const samplesMax = 10
const dayMs = 24 * 60 * 60_000

/** The next posts of other servers, oldest first. */
export async function stepPosts(ctx: Context, pass: RetentionPass): Promise<Step> {
  const rows = await look(ctx.db, gt(posts.id, pass.afterId))
  const now = ctx.clock.now()
  let { excessLeft } = pass
  const out = rows.filter((row) => {
    if (row.isTouched) return false
    const isOut = isTooOld(row, pass, now) || excessLeft > 0
    if (isOut && excessLeft > 0) excessLeft -= 1
    return isOut
  })
  const changes = {
    afterId: rows.at(-1)?.id ?? pass.afterId,
    excessLeft,
    postsSeen: pass.postsSeen + rows.length,
    postsOut: pass.postsOut + out.length,
    textBytesOut: pass.textBytesOut + out.reduce((sum, { bytes }) => sum + bytes, 0),
    samples: [...pass.samples, ...out.map(({ id }) => id)].slice(0, samplesMax)
  }
  const isEnd = rows.length < rowsPerStep
  if (pass.kind === 'preview' || out.length === 0) return { changes, isEnd }
  const ids = out.map(({ id }) => id)
  return {
    changes,
    isEnd,
    async remove(tx) {
      // Somebody may have touched one of them since it was looked at.
      const still = (await look(tx, inArray(posts.id, ids))).filter((row) => !row.isTouched)
      return {
        postsOut:
          pass.postsOut +
          (await forgetPosts(
            tx,
            still.map(({ id }) => id)
          ))
      }
    }
  }
}

interface Looked {
  id: number
  receivedAt: number | null
  isTouched: boolean
  isFollowed: boolean
  bytes: number
}

function look(db: Reader, which: SQL): Promise<Looked[]> {
  return db
    .select({
      id: posts.id,
      receivedAt: posts.receivedAt,
      isTouched: isTouched().mapWith(Boolean),
      isFollowed: isOfFollowed(sql`posts.author_id`).mapWith(Boolean),
      bytes: sql`length(${posts.html})`.mapWith(Number)
    })
    .from(posts)
    .where(and(which, eq(posts.isLocal, false), isNull(posts.boostOfId)))
    .orderBy(asc(posts.id))
    .limit(rowsPerStep)
}

function isTooOld(row: Looked, { limits }: RetentionPass, now: number): boolean {
  const days = row.isFollowed ? limits.followedPostDays : limits.strangerPostDays
  return days > 0 && (row.receivedAt ?? timeOfId(row.id)) < now - days * dayMs
}
