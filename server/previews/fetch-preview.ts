import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import { linkPreviews } from '#db/schema/previews.ts'
import { findAccountByHandle } from '#server/accounts/find-account.ts'
import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import { isHidden } from '#server/accounts/shown-account.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { fetchRemoteMedia } from '#server/media/fetch-remote-media.ts'
import { removeMediaRows } from '#server/media/remove-media.ts'
import type { Media } from '#server/media/upload-image.ts'
import { arePreviewsOn } from '#server/previews/are-previews-on.ts'
import { type AskedPage, askPage } from '#server/previews/ask-page.ts'
import type { PreviewRow } from '#server/previews/find-previews.ts'

const fullHandle = /^@?[^@\s]+@[^@\s]+$/

/**
 * Job: asks a page once and writes down what it says, then fetches its picture. A page that fails is left alone for as long as `askPage` says; nothing is
 * tried again by the queue. Run twice, it writes the same. Once previews were turned off, it asks nobody.
 */
export async function fetchPreview(ctx: Context, { url }: { url: string }): Promise<void> {
  if (!(await arePreviewsOn(ctx))) return
  const asked = await askPage(ctx, url)
  const picture = await ctx.transact((tx) => write(ctx, tx, url, asked))
  if (!picture || picture.fileHash !== null) return
  try {
    await fetchRemoteMedia(ctx, picture)
  } catch (error) {
    // Too many pictures wait: the card stands without one until the page is asked again.
    if (!(error instanceof Refusal && error.kind === 'too-many')) throw error
  }
}

async function write(ctx: Context, tx: Tx, url: string, { page, answeredHost, freshMs }: AskedPage): Promise<Media | undefined> {
  const [row] = await tx.select().from(linkPreviews).where(eq(linkPreviews.url, url))
  if (!row) return undefined
  const freshUntil = tx.now + freshMs
  // A page that cannot be had today keeps what it said before.
  if (!page && row.state === 'shown') {
    await tx.update(linkPreviews).set({ freshUntil }).where(eq(linkPreviews.id, row.id))
    return undefined
  }
  const picture = await replacePicture(ctx, tx, row, page?.imageUrl)
  const creator = page && fullHandle.test(page.creator) ? await findAccountByHandle(tx, page.creator, ctx.config) : undefined
  const said = { title: page?.title ?? '', description: page?.description ?? '', siteName: page?.siteName ?? '' }
  await tx
    .update(linkPreviews)
    .set({
      ...said,
      state: page ? 'shown' : 'none',
      answeredHost: answeredHost ?? null,
      mediaId: picture?.id ?? null,
      creatorId: creator && !isHidden(creator) ? creator.id : null,
      freshUntil
    })
    .where(eq(linkPreviews.id, row.id))
  return picture
}

/** The same picture stays, fetched or not; another takes its place. It belongs to the instance, like custom emoji. */
async function replacePicture(ctx: Context, tx: Tx, { mediaId }: PreviewRow, imageUrl: string | undefined): Promise<Media | undefined> {
  const [before] = mediaId === null ? [] : await tx.select().from(media).where(eq(media.id, mediaId))
  if (before && before.remoteUrl === imageUrl) return before
  if (before) await removeMediaRows(tx, [before])
  const owner = imageUrl === undefined ? undefined : await findInstanceActor(tx)
  if (!owner) return undefined
  const values = {
    id: tx.newId(),
    key: ctx.random.token(),
    accountId: owner.id,
    use: 'preview' as const,
    remoteUrl: imageUrl,
    mime: '',
    createdAt: tx.now
  }
  const [made] = await tx.insert(media).values(values).returning()
  return made
}
