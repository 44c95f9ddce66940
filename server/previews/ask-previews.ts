import { and, eq, gt, inArray, lte } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import { linkPreviews } from '#db/schema/previews.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { isForAnybody } from '#server/posts/visibility.ts'
import { arePreviewsOn } from '#server/previews/are-previews-on.ts'
import type { FoundPreview } from '#server/previews/find-previews.ts'
import type { PreviewLink } from '#server/previews/preview-links.ts'

export const previewKind = 'fetch-preview'

const hourMs = 60 * 60_000
/** Pages asked for because of one look at one page of ours; the next look asks for more. */
const perLookMax = 8
/** Pages of one site that are asked in an hour, and of all sites. */
export const perHostMax = 10
const inAllMax = 300
/** A page that was asked for and never came to an answer is asked again after so long. */
const lostMs = 24 * hourMs
/** A post from elsewhere that is new is seen on many servers at the same moment: so many do not ask at once. */
const newMs = 10 * 60_000
const jitterMs = 60_000

export interface SeenLink extends PreviewLink {
  post: PostRow
}

/**
 * Somebody signed in sees these links: pages that nobody asked yet, or that were asked long ago, are asked. The page learns that somebody here looked, so that
 * only links of posts that everybody may read are followed: what stands in a post for few may be meant to be opened once, or a secret. Nobody is asked while previews are off.
 */
export async function askPreviews(ctx: Context, seen: readonly SeenLink[], known: ReadonlyMap<string, FoundPreview>): Promise<void> {
  const now = ctx.clock.now()
  const isDue = ({ url, post }: SeenLink) => isForAnybody(post) && (known.get(url)?.preview.freshUntil ?? 0) <= now
  const due = [...new Map(seen.filter(isDue).map((link) => [link.url, link])).values()].slice(0, 2 * perLookMax)
  if (due.length === 0 || !(await arePreviewsOn(ctx))) return
  const wanted: SeenLink[] = []
  for (const link of due) if (!(await ctx.limits.isSuspended(link.host))) wanted.push(link)
  if (wanted.length > 0) await ctx.transact((tx) => askSome(ctx, tx, wanted))
}

async function askSome(ctx: Context, tx: Tx, wanted: readonly SeenLink[]): Promise<void> {
  const ours = await knownHere(
    tx,
    wanted.map(({ url }) => url)
  )
  const since = tx.now - hourMs
  let left = Math.min(perLookMax, inAllMax - (await tx.$count(linkPreviews, gt(linkPreviews.askedAt, since))))
  for (const { url, host, post } of wanted) {
    if (left <= 0) return
    if (ours.has(url)) continue
    if ((await tx.$count(linkPreviews, and(eq(linkPreviews.host, host), gt(linkPreviews.askedAt, since)))) >= perHostMax) continue
    if (!(await note(tx, url, host))) continue
    left--
    const isNew = !post.isLocal && post.createdAt > tx.now - newMs
    const runAt = tx.now + (isNew ? ctx.random.below(jitterMs) : 0)
    await enqueue(tx, { ...fetchJob(previewKind, url, { url }), orderKey: `preview ${host}`, runAt })
  }
}

/** Writes down that a page is being asked; false when somebody else's look did so a moment ago. */
async function note(tx: Tx, url: string, host: string): Promise<boolean> {
  const asking = { askedAt: tx.now, freshUntil: tx.now + lostMs }
  const written = await tx
    .insert(linkPreviews)
    .values({ id: tx.newId(), url, host, state: 'waiting', ...asking })
    .onConflictDoNothing({ target: linkPreviews.url })
    .returning({ id: linkPreviews.id })
  if (written.length > 0) return true
  const renewed = await tx
    .update(linkPreviews)
    .set(asking)
    .where(and(eq(linkPreviews.url, url), lte(linkPreviews.freshUntil, tx.now)))
    .returning({ id: linkPreviews.id })
  return renewed.length > 0
}

/** Addresses that are posts or people we know: they are shown as what they are, and their servers need not be asked for a page. */
async function knownHere(tx: Tx, urls: string[]): Promise<Set<string>> {
  const known = [
    ...(await tx.select({ uri: posts.uri }).from(posts).where(inArray(posts.uri, urls))),
    ...(await tx.select({ uri: accounts.uri }).from(accounts).where(inArray(accounts.uri, urls)))
  ]
  return new Set(known.map(({ uri }) => uri))
}
