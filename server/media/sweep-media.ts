import { and, asc, eq, gt, inArray, isNull, lt, or } from 'drizzle-orm'
import { media, mediaFiles } from '#db/schema/media.ts'
import type { Context } from '#server/context.ts'
import { removeMediaRows } from '#server/media/remove-media.ts'
import { removeBytes, sweepFiles } from '#server/media/sweep-files.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const rowsPerStep = 200
/** Hashes begin with one of so many pairs of hex digits; each hour looks at its share, and a day at all. */
const prefixesTotal = 256

/** By the clock, each hour: uploads that never found a post, and files that nothing shows (a crash between file and row leaves such). */
export async function sweepMedia(ctx: Context): Promise<void> {
  await removeWaitingUploads(ctx)
  const hour = Math.floor(ctx.clock.now() / hourMs) % 24
  for (const prefix of prefixesOfHour(hour)) await sweepPrefix(ctx, prefix)
}

/** Pairs of hex digits that are looked at in an hour of the day (UTC, 0 to 23). */
export function prefixesOfHour(hour: number): string[] {
  const first = Math.floor((hour * prefixesTotal) / 24)
  const end = Math.floor(((hour + 1) * prefixesTotal) / 24)
  return Array.from({ length: end - first }, (_, at) => (first + at).toString(16).padStart(2, '0'))
}

/** An upload waits a day for its post; one that a draft holds waits with it. */
async function removeWaitingUploads(ctx: Context): Promise<void> {
  for (;;) {
    const removed = await ctx.transact(async (tx) => {
      const isForgotten = and(isNull(media.postId), isNull(media.draftId), eq(media.use, 'post'), lt(media.createdAt, tx.now - dayMs))
      const rows = await tx.select().from(media).where(isForgotten).limit(rowsPerStep)
      await removeMediaRows(tx, rows)
      return rows.length
    })
    if (removed < rowsPerStep) return
  }
}

export async function sweepPrefix(ctx: Context, prefix: string): Promise<void> {
  await sweepNamedFiles(ctx, prefix)
  await sweepUnnamedBytes(ctx, prefix)
}

/** Files with a row that nothing shows, in small steps: each is a query of its own and holds nobody up. */
async function sweepNamedFiles(ctx: Context, prefix: string): Promise<void> {
  const end = `${prefix}g`
  for (let after = prefix; ; ) {
    const isNext = and(gt(mediaFiles.hash, after), lt(mediaFiles.hash, end))
    const rows = await ctx.db
      .select({ hash: mediaFiles.hash })
      .from(mediaFiles)
      .where(isNext)
      .orderBy(asc(mediaFiles.hash))
      .limit(rowsPerStep)
    const hashes = rows.map(({ hash }) => hash)
    const shown = await shownOf(ctx, hashes)
    await sweepFiles(ctx, { hashes: hashes.filter((hash) => !shown.has(hash)) })
    const last = hashes.at(-1)
    if (last === undefined || hashes.length < rowsPerStep) return
    after = last
  }
}

async function shownOf(ctx: Context, hashes: string[]): Promise<Set<string | null>> {
  if (hashes.length === 0) return new Set()
  const isShowing = or(inArray(media.fileHash, hashes), inArray(media.previewHash, hashes), inArray(media.tinyHash, hashes))
  const rows = await ctx.db.select({ file: media.fileHash, preview: media.previewHash, tiny: media.tinyHash }).from(media).where(isShowing)
  return new Set(rows.flatMap(({ file, preview, tiny }) => [file, preview, tiny]))
}

/** Bytes that were put a day ago or longer and never got a row. */
async function sweepUnnamedBytes(ctx: Context, prefix: string): Promise<void> {
  const old: string[] = []
  for await (const { key, putAt } of ctx.storage.list(prefix)) if (putAt < ctx.clock.now() - dayMs) old.push(key)
  for (let at = 0; at < old.length; at += rowsPerStep) {
    const keys = old.slice(at, at + rowsPerStep)
    const rows = await ctx.db.select({ hash: mediaFiles.hash }).from(mediaFiles).where(inArray(mediaFiles.hash, keys))
    const named = new Set(rows.map(({ hash }) => hash))
    for (const key of keys) if (!named.has(key)) await removeBytes(ctx, key)
  }
}
