import sharp from 'sharp'
import type { MadeImage } from '#server/media/images.ts'
import { brokenImage } from '#server/media/inspect-image.ts'
import { decodeSecondsMax } from '#server/media/make-picture.ts'

/** Longest side of a tiny picture, in pixels: colours and where they are, and nothing that could be made out. */
export const tinySideMax = 24
const blurSigma = 1

/** A blurred picture of a few hundred bytes made of one that we made ourselves; of an animation its first frame. Flat: what was see-through is grey. */
export async function makeTiny(bytes: Buffer): Promise<MadeImage> {
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', pages: 1 })
      .timeout({ seconds: decodeSecondsMax })
      .flatten({ background: '#808080' })
      .resize(tinySideMax, tinySideMax, { fit: 'inside' })
      .blur(blurSigma)
      .webp({ quality: 70, effort: 2 })
      .toBuffer({ resolveWithObject: true })
    return { bytes: data, mime: 'image/webp', width: info.width, height: info.height }
  } catch (error) {
    throw brokenImage(error)
  }
}
