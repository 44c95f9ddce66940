import { and, asc, eq, gt, inArray, isNotNull, lt, sql } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { media, mediaFiles } from '#db/schema/media.ts'
import { posts } from '#db/schema/posts.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { unusedMsMin } from '#server/media/sweep-files.ts'
import type { RetentionPass } from '#server/retention/find-pass.ts'
import type { Step } from '#server/retention/step.ts'
import { isOfFollowed, isTouched } from '#server/retention/touched.ts'

const rowsPerStep = 200
const dayMs = 24 * 60 * 60_000

/**
 * The next copies of remote pictures. Their rows stay: whoever looks at one has it fetched again. Pictures of touched posts are kept,
 * and those of people who are followed here.
 */
export async function stepPictures(ctx: Context, pass: RetentionPass): Promise<Step> {
  const { pictureDays } = pass.limits
  if (pictureDays === 0) return { changes: {}, isEnd: true }
  const isOld = lt(mediaFiles.createdAt, ctx.clock.now() - pictureDays * dayMs)
  const rows = await ctx.db
    .select({
      id: media.id,
      fileHash: media.fileHash,
      previewHash: media.previewHash,
      bytes: mediaFiles.sizeBytes,
      isTouched: sql<boolean>`(${posts.id} is not null and ${isTouched()})`.mapWith(Boolean),
      isFollowed: isOfFollowed(sql`${media.accountId}`).mapWith(Boolean),
      use: media.use
    })
    .from(media)
    .innerJoin(mediaFiles, eq(mediaFiles.hash, media.fileHash))
    .innerJoin(accounts, eq(accounts.id, media.accountId))
    .leftJoin(posts, eq(posts.id, media.postId))
    .where(and(gt(media.id, pass.afterId), isNotNull(media.remoteUrl), isNotNull(accounts.domain), isOld))
    .orderBy(asc(media.id))
    .limit(rowsPerStep)
  const out = rows.filter((row) => !row.isTouched && !(row.use !== 'post' && row.isFollowed))
  const changes = {
    afterId: rows.at(-1)?.id ?? pass.afterId,
    picturesOut: pass.picturesOut + out.length,
    pictureBytesOut: pass.pictureBytesOut + out.reduce((sum, { bytes }) => sum + bytes, 0)
  }
  const isEnd = rows.length < rowsPerStep
  if (pass.kind === 'preview' || out.length === 0) return { changes, isEnd }
  return {
    changes,
    isEnd,
    async remove(tx) {
      const ids = out.map(({ id }) => id)
      await tx.update(media).set({ fileHash: null, previewHash: null }).where(inArray(media.id, ids))
      const hashes = [...new Set(out.flatMap(({ fileHash, previewHash }) => [fileHash, previewHash]))].filter((hash) => hash !== null)
      await enqueue(tx, { kind: 'sweep-media-files', input: { hashes }, lane: 'slow', runAt: tx.now + unusedMsMin })
      return {}
    }
  }
}
