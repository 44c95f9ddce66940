import sharp from 'sharp'
import type { MadeImages, MediaUse } from '#server/media/images.ts'
import { brokenImage, type InspectedImage } from '#server/media/inspect-image.ts'
import { decodeSecondsMax, makeStillPreview, ownEmojiSize } from '#server/media/make-picture.ts'

/**
 * An animation stays one, as WebP, with its timing. Its preview is the first frame: a timeline stands still until somebody opens
 * the picture.
 */
export async function makeAnimation(bytes: Buffer, image: InspectedImage, use: MediaUse): Promise<MadeImages> {
  const preview = await makeStillPreview(bytes, image, use)
  try {
    const frames = sharp(bytes, { animated: true, limitInputPixels: true, failOn: 'error' })
    if (use === 'own-emoji') frames.resize({ ...ownEmojiSize, fit: 'inside', withoutEnlargement: true })
    const { data, info } = await frames
      .toColourspace('srgb')
      .timeout({ seconds: decodeSecondsMax })
      .webp({ quality: 75, effort: 0 })
      .toBuffer({ resolveWithObject: true })
    return { full: { bytes: data, mime: 'image/webp', width: info.width, height: info.pageHeight ?? info.height }, preview }
  } catch (error) {
    throw brokenImage(error)
  }
}
