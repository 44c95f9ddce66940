import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { media } from '#db/schema/media.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { removeMediaRows } from '#server/media/remove-media.ts'
import { storeImages } from '#server/media/store-images.ts'
import { type Media, refuseSize } from '#server/media/upload-image.ts'
import type { Random } from '#server/platform/random.ts'

export type ProfilePictureUse = 'avatar' | 'header'

/**
 * Gives one of ours a new avatar (400 by 400) or header (1500 by 500), or takes it away without bytes. Refusals as for `uploadImage`,
 * with the use as the field.
 */
export async function replacePicture(
  ctx: Context,
  who: Who,
  { use, bytes }: { use: ProfilePictureUse; bytes: Buffer | undefined }
): Promise<void> {
  if (who.kind !== 'account') throw new Refusal('forbidden', 'media.peopleOnly')
  const accountId = who.account.id
  if (!bytes) {
    await ctx.transact(async (tx) => {
      await showPicture(tx, accountId, use, undefined)
      await record(tx, 'profile-changed', { accountId })
    })
    return
  }
  refuseSize(bytes, ctx.config.limits.imageBytesMax)
  const made = await ctx.images.make(bytes, { use, isFirstFrameEnough: true })
  const key = ctx.random.token()
  await storeImages(ctx, made, async (tx, stored) => {
    await showPicture(tx, accountId, use, { key, ...stored })
    await record(tx, 'profile-changed', { accountId })
  })
}

/** The avatar of a remote account as its document names it; null or undefined takes it away. Fetched when first looked at. */
export function replaceAvatar(tx: Tx, random: Random, accountId: number, url: string | null | undefined): Promise<void> {
  return replaceRemotePicture(tx, random, { accountId, use: 'avatar', url })
}

/** The header of a remote account, like `replaceAvatar`. */
export function replaceHeader(tx: Tx, random: Random, accountId: number, url: string | null | undefined): Promise<void> {
  return replaceRemotePicture(tx, random, { accountId, use: 'header', url })
}

interface RemotePicture {
  accountId: number
  use: ProfilePictureUse
  url: string | null | undefined
}

/** A picture under the same address stays, fetched or not, so that a refreshed account costs no fetch; an address that is none shows nothing. */
async function replaceRemotePicture(tx: Tx, random: Random, { accountId, use, url }: RemotePicture): Promise<void> {
  const address = remoteAddressOf(url)
  const shown = await shownPictures(tx, accountId, use)
  if (address !== undefined && shown.some((row) => row.remoteUrl === address)) return
  if (address === undefined && shown.length === 0) return
  await showPicture(tx, accountId, use, address === undefined ? undefined : { key: random.token(), remoteUrl: address, mime: '' })
}

type NewPicture = Pick<typeof media.$inferInsert, 'key' | 'mime' | 'remoteUrl' | 'width' | 'height' | 'fileHash' | 'previewHash'>

async function showPicture(tx: Tx, accountId: number, use: ProfilePictureUse, picture: NewPicture | undefined): Promise<void> {
  await removeMediaRows(tx, await shownPictures(tx, accountId, use))
  const id = picture ? tx.newId() : null
  if (picture && id !== null) await tx.insert(media).values({ id, accountId, use, ...picture, createdAt: tx.now })
  await tx
    .update(accounts)
    .set(use === 'avatar' ? { avatarId: id } : { headerId: id })
    .where(eq(accounts.id, accountId))
}

async function shownPictures(tx: Tx, accountId: number, use: ProfilePictureUse): Promise<Media[]> {
  const column = use === 'avatar' ? accounts.avatarId : accounts.headerId
  const rows = await tx.select({ media }).from(accounts).innerJoin(media, eq(media.id, column)).where(eq(accounts.id, accountId))
  return rows.map((row) => row.media)
}

/** Longest address kept; longer ones are no pictures. */
const addressCharactersMax = 2_048

/** An http or https address as it is kept, or undefined. Whether it may be asked is decided when it is. */
export function remoteAddressOf(url: string | null | undefined): string | undefined {
  if (!url || url.length > addressCharactersMax) return undefined
  const parsed = URL.parse(url)
  if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return undefined
  return parsed.href.length <= addressCharactersMax ? parsed.href : undefined
}
