import sharp from 'sharp'
import type { MadeImages } from '#server/media/images.ts'
import { brokenImage, type InspectedImage } from '#server/media/inspect-image.ts'
import { decodeSecondsMax, makeStillPreview } from '#server/media/make-picture.ts'

/**
 * An animation stays one, as WebP, with its timing. Its preview is the first frame: a timeline stands still until somebody opens
 * the picture.
 */
export async function makeAnimation(bytes: Buffer, image: InspectedImage): Promise<MadeImages> {
  const preview = await makeStillPreview(bytes, image)
  try {
    const { data, info } = await sharp(bytes, { animated: true, limitInputPixels: true, failOn: 'error' })
      .toColourspace('srgb')
      .timeout({ seconds: decodeSecondsMax })
      .webp({ quality: 75, effort: 0 })
      .toBuffer({ resolveWithObject: true })
    return { full: { bytes: data, mime: 'image/webp', width: info.width, height: info.pageHeight ?? info.height }, preview }
  } catch (error) {
    throw brokenImage(error)
  }
}
