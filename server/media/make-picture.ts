import sharp, { type Sharp } from 'sharp'
import type { ServedType } from '#server/media/image-kinds.ts'
import type { MadeImage, MadeImages, MediaUse } from '#server/media/images.ts'
import { brokenImage, type InspectedImage } from '#server/media/inspect-image.ts'
import { previewSizeOf } from '#server/media/preview-size.ts'

/** A picture is kept with at most so many pixels: 3840 by 2160, in whatever shape. */
export const keptPixelsMax = 3840 * 2160
/** Pixels of a custom emoji at most; it is shown about 20 high. */
const emojiSize = { width: 256, height: 96 }
/** One of ours: square or less, so that every server and every line of text takes it. */
export const ownEmojiSize = { width: 128, height: 128 }
/** The picture of a page that a post links to: as wide as a card on a phone with a sharp screen. */
const linkPictureSize = { width: 640, height: 640 }
const sizeOfUse = { avatar: { width: 400, height: 400 }, header: { width: 1500, height: 500 } }

/** Decoding that takes longer than this (seconds) is an attack or a fault. */
export const decodeSecondsMax = 8
/** A PNG larger than this (bytes) is a photograph in the wrong format and becomes WebP. */
const pngBytesMax = 1_500_000
/** A still picture of at most this many bytes is shown as it is; it needs no preview. */
const smallBytesMax = 60_000

interface Pixels {
  data: Buffer
  width: number
  height: number
  channels: 3 | 4
}

/** Decodes once, makes smaller, turns upright, and encodes what is stored. */
export async function makePicture(bytes: Buffer, image: InspectedImage, use: MediaUse): Promise<MadeImages> {
  const pixels = await decode(bytes, image)
  if (use === 'emoji') return { full: await makeEmoji(pixels), preview: undefined }
  if (use === 'own-emoji') return { full: await makeOwnEmoji(pixels), preview: undefined }
  if (use === 'preview') return { full: await makeLinkPicture(pixels), preview: undefined }
  if (use !== 'post') return { full: await makeProfilePicture(pixels, use), preview: undefined }
  const full = await encode(drawing(pixels), typeFor(image, bytes))
  const fitting = full.mime === 'image/png' && full.bytes.length > pngBytesMax ? await encode(drawing(pixels), 'image/webp') : full
  return { full: fitting, preview: isSmall(fitting) ? undefined : await makePreview(pixels) }
}

/** The still preview of an animation: its first frame. */
export async function makeStillPreview(bytes: Buffer, image: InspectedImage, use: MediaUse): Promise<MadeImage> {
  const pixels = await decode(bytes, image)
  return use === 'own-emoji' ? makeOwnEmoji(pixels) : makePreview(pixels)
}

/**
 * Pixels in sRGB, eight bits, upright. It is made smaller while it passes through, and turned afterwards: turning first would hold the
 * whole original in memory.
 */
async function decode(bytes: Buffer, image: InspectedImage): Promise<Pixels> {
  const scale = Math.min(1, Math.sqrt(keptPixelsMax / (image.width * image.height)))
  const width = Math.max(1, Math.floor(image.width * scale))
  const height = Math.max(1, Math.floor(image.height * scale))
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: image.width * image.height, failOn: 'error', pages: 1 })
      .resize(width, height, { fit: 'fill' })
      .toColourspace('srgb')
      .timeout({ seconds: decodeSecondsMax })
      .raw()
      .toBuffer({ resolveWithObject: true })
    const channels = info.channels === 4 ? 4 : 3
    return turnUpright({ data, width: info.width, height: info.height, channels }, image.orientation)
  } catch (error) {
    throw brokenImage(error)
  }
}

/** The eight orientations of EXIF (CIPA DC-008, tag 274): a mirror image when 2, 4, 5 or 7, and a turn. */
async function turnUpright(pixels: Pixels, orientation: number): Promise<Pixels> {
  const degrees = { 3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270 }[orientation] ?? 0
  const isMirrored = orientation === 2 || orientation === 4 || orientation === 5 || orientation === 7
  if (degrees === 0 && !isMirrored) return pixels
  const mirrored = isMirrored ? await rawOf(drawing(pixels).flop()) : pixels
  return degrees === 0 ? mirrored : rawOf(drawing(mirrored).rotate(degrees))
}

async function rawOf(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height, channels: info.channels === 4 ? 4 : 3 }
}

function drawing({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } })
}

/** Cut to the middle; PNG where it is see-through and JPEG elsewhere, since not every server takes avatars in WebP. */
function makeProfilePicture(pixels: Pixels, use: 'avatar' | 'header'): Promise<MadeImage> {
  const { width, height } = sizeOfUse[use]
  return encode(drawing(pixels).resize(width, height, { fit: 'cover' }), pixels.channels === 4 ? 'image/png' : 'image/jpeg')
}

/** Whole, as high as a line of large text on a sharp screen, and see-through where it was. */
function makeEmoji(pixels: Pixels): Promise<MadeImage> {
  return encode(drawing(pixels).resize(emojiSize.width, emojiSize.height, { fit: 'inside', withoutEnlargement: true }), 'image/webp')
}

/** Whole and without loss, as PNG, which every server reads. */
function makeOwnEmoji(pixels: Pixels): Promise<MadeImage> {
  return encode(drawing(pixels).resize({ ...ownEmojiSize, fit: 'inside', withoutEnlargement: true }), 'image/png')
}

/** Whole: the card cuts it to its shape. */
function makeLinkPicture(pixels: Pixels): Promise<MadeImage> {
  return encode(
    drawing(pixels).resize(linkPictureSize.width, linkPictureSize.height, { fit: 'inside', withoutEnlargement: true }),
    'image/webp'
  )
}

function makePreview(pixels: Pixels): Promise<MadeImage> {
  const { width, height } = previewSizeOf(pixels)
  return encode(drawing(pixels).resize(width, height, { fit: 'fill' }), 'image/webp')
}

/** Drawings and screenshots stay lossless while that is small. */
function typeFor({ kind, hasAlpha }: InspectedImage, bytes: Buffer): ServedType {
  if (kind === 'jpeg') return 'image/jpeg'
  if (kind === 'png') return bytes.length <= pngBytesMax ? 'image/png' : 'image/webp'
  if (kind === 'gif') return 'image/png'
  return kind === 'avif' && !hasAlpha ? 'image/jpeg' : 'image/webp'
}

async function encode(picture: Sharp, mime: ServedType): Promise<MadeImage> {
  const encoded =
    mime === 'image/jpeg'
      ? picture.jpeg({ quality: 86 })
      : mime === 'image/png'
        ? picture.png({ compressionLevel: 8 })
        : picture.webp({ quality: 84, alphaQuality: 90, effort: 2 })
  const { data, info } = await encoded.toBuffer({ resolveWithObject: true })
  return { bytes: data, mime, width: info.width, height: info.height }
}

function isSmall(full: MadeImage): boolean {
  const preview = previewSizeOf(full)
  return preview.width === full.width && full.bytes.length <= smallBytesMax
}
