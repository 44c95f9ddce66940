import { and, eq, isNotNull } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { media } from '#db/schema/media.ts'
import { altOfTheirs, type Focus, focusColumns } from '#server/media/media-alt.ts'
import { removeMediaRows } from '#server/media/remove-media.ts'
import { remoteAddressOf } from '#server/media/replace-picture.ts'
import type { Random } from '#server/platform/random.ts'

/** Pictures kept of one remote post; what comes after is left out. */
export const remoteMediaPerPostMax = 16

const pixelsOnSideMax = 100_000
const mimeCharactersMax = 100

/** One attachment as a remote document tells of it; nothing of it is believed beyond the layout of a page. */
export interface RemoteMediaItem {
  url: string
  /** Media type as said; absent when nothing is said. Anything but an image is left out. */
  mime?: string | null
  alt?: string | null
  width?: number | null
  height?: number | null
  focus?: Focus
}

interface RemoteMediaInput {
  /** Author of the post. */
  accountId: number
  postId: number
  items: readonly RemoteMediaItem[]
}

/** Writes down the pictures of a remote post, in order, without fetching any; each is fetched when somebody first looks at it. */
export async function addRemoteMedia(tx: Tx, random: Random, { accountId, postId, items }: RemoteMediaInput): Promise<void> {
  const rows = picturesOf(items).map((picture, position) => ({
    id: tx.newId(),
    key: random.token(),
    accountId,
    use: 'post' as const,
    postId,
    position,
    ...picture,
    createdAt: tx.now
  }))
  if (rows.length > 0) await tx.insert(media).values(rows)
}

/** The same at an edit: pictures under a known address keep their key and file, others come and go. */
export async function replaceRemoteMedia(tx: Tx, random: Random, { accountId, postId, items }: RemoteMediaInput): Promise<void> {
  const shown = await tx
    .select()
    .from(media)
    .where(and(eq(media.postId, postId), isNotNull(media.remoteUrl)))
  const known = new Map(shown.map((row) => [row.remoteUrl, row]))
  for (const [position, picture] of picturesOf(items).entries()) {
    const row = known.get(picture.remoteUrl)
    known.delete(picture.remoteUrl)
    const { alt, focusX, focusY } = picture
    if (row) await tx.update(media).set({ alt, focusX, focusY, position }).where(eq(media.id, row.id))
    else
      await tx
        .insert(media)
        .values({ id: tx.newId(), key: random.token(), accountId, use: 'post', postId, position, ...picture, createdAt: tx.now })
  }
  await removeMediaRows(tx, [...known.values()])
}

type Picture = ReturnType<typeof toColumns>

function picturesOf(items: readonly RemoteMediaItem[]): Picture[] {
  const byAddress = new Map<string, Picture>()
  for (const item of items) {
    if (byAddress.size === remoteMediaPerPostMax) break
    const address = remoteAddressOf(item.url)
    if (address !== undefined && isMaybeImage(item.mime) && !byAddress.has(address)) byAddress.set(address, toColumns(item, address))
  }
  return [...byAddress.values()]
}

/** Some servers name no type, or name bytes of any kind; what it is shows when it is fetched. */
function isMaybeImage(mime: string | null | undefined): boolean {
  return !mime || /^image\/|^application\/octet-stream/i.test(mime)
}

function toColumns(item: RemoteMediaItem, remoteUrl: string) {
  return {
    remoteUrl,
    mime: (item.mime ?? '').toLowerCase().slice(0, mimeCharactersMax),
    alt: altOfTheirs(item.alt ?? ''),
    width: sideOf(item.width),
    height: sideOf(item.height),
    ...focusColumns(item.focus)
  }
}

function sideOf(pixels: number | null | undefined): number | null {
  return Number.isInteger(pixels) && Number(pixels) > 0 && Number(pixels) <= pixelsOnSideMax ? Number(pixels) : null
}
