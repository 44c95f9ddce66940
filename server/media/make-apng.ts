import sharp from 'sharp'
import type { MadeImages } from '#server/media/images.ts'
import { animationPixelsMax, brokenImage, framesMax, type InspectedImage } from '#server/media/inspect-image.ts'
import { decodeSecondsMax, makeStillPreview, ownEmojiSize } from '#server/media/make-picture.ts'
import { type Apng, type ApngFrame, readApng } from '#server/media/read-apng.ts'
import { Refusal } from '#server/errors.ts'

const bytesPerPixel = 4
/** Frames are laid over each other here, pixel by pixel: of a canvas of this size one takes some milliseconds. */
const canvasPixelsMax = 1_000_000
/** A frame that says less (ms) is shown so long, as browsers do. */
const delayMsMin = 20
/** Longest time of a frame (ms), and most runs, that the encoder takes: an APNG may say more. */
const encodedMax = 65_535

/**
 * An emoji in an animated PNG as WebP, with its timing, and a still version; undefined for a PNG that does not move. The library here reads the first frame of
 * such a file only, so the frames are taken apart, decoded one by one and laid over each other. Refusal 'invalid' for too many frames or a broken one.
 */
export async function makeApngEmoji(bytes: Buffer, image: InspectedImage): Promise<MadeImages | undefined> {
  const apng = image.kind === 'png' ? readApng(bytes) : undefined
  if (!apng) return undefined
  if (apng.width * apng.height > canvasPixelsMax) throw new Refusal('invalid', 'media.tooManyPixels', { megapixels: 1 }, 'images')
  if (apng.frames.length > framesMax || apng.frames.length * apng.width * apng.height > animationPixelsMax)
    throw new Refusal('invalid', 'media.tooManyFrames', { max: framesMax }, 'images')
  const preview = await makeStillPreview(bytes, image, 'own-emoji')
  const size = fitting(apng)
  try {
    const frames = await drawFrames(apng, size)
    const { data, info } = await sharp(Buffer.concat(frames), {
      raw: { width: size.width, height: size.height * frames.length, channels: bytesPerPixel, pageHeight: size.height }
    })
      .timeout({ seconds: decodeSecondsMax })
      .webp({ quality: 75, effort: 0, loop: Math.min(apng.plays, encodedMax), delay: apng.frames.map(shownMs) })
      .toBuffer({ resolveWithObject: true })
    return { full: { bytes: data, mime: 'image/webp', width: info.width, height: size.height }, preview }
  } catch (error) {
    throw brokenImage(error)
  }
}

function shownMs({ delayMs }: ApngFrame): number {
  return Math.min(Math.max(delayMs, delayMsMin), encodedMax)
}

interface Size {
  width: number
  height: number
}

function fitting({ width, height }: Apng): Size {
  const scale = Math.min(1, ownEmojiSize.width / width, ownEmojiSize.height / height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** Each frame as it is seen, made smaller: only one canvas of the full size is held. */
async function drawFrames(apng: Apng, size: Size): Promise<Buffer[]> {
  let canvas: Buffer = Buffer.alloc(apng.width * apng.height * bytesPerPixel)
  const drawn: Buffer[] = []
  for (const frame of apng.frames) {
    const before = frame.dispose === 'previous' ? Buffer.from(canvas) : canvas
    canvas = lay(canvas, apng.width, frame, await pixelsOf(frame))
    drawn.push(await shrink(canvas, apng, size))
    if (frame.dispose === 'previous') canvas = before
    else if (frame.dispose === 'clear') clear(canvas, apng.width, frame)
  }
  return drawn
}

async function pixelsOf({ toPng, width, height }: ApngFrame): Promise<Buffer> {
  const { data, info } = await sharp(toPng(), { limitInputPixels: width * height, failOn: 'error' })
    .toColourspace('srgb')
    .ensureAlpha()
    .timeout({ seconds: decodeSecondsMax })
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (info.width !== width || info.height !== height || info.channels !== bytesPerPixel) throw brokenImage()
  return data
}

/** Lays a frame over the canvas, or in the place of what is there ("over" of Porter and Duff, alpha not premultiplied). */
function lay(canvas: Buffer, canvasWidth: number, frame: ApngFrame, pixels: Buffer): Buffer {
  const rowBytes = frame.width * bytesPerPixel
  for (let row = 0; row < frame.height; row++) {
    let to = ((frame.y + row) * canvasWidth + frame.x) * bytesPerPixel
    let from = row * rowBytes
    if (frame.isReplacing) {
      pixels.copy(canvas, to, from, from + rowBytes)
      continue
    }
    for (let column = 0; column < frame.width; column++, to += bytesPerPixel, from += bytesPerPixel) {
      const above = pixels[from + 3]! / 255
      if (above > 0) {
        const below = (canvas[to + 3]! / 255) * (1 - above)
        const alpha = above + below
        for (let channel = 0; channel < 3; channel++)
          canvas[to + channel] = Math.round((pixels[from + channel]! * above + canvas[to + channel]! * below) / alpha)
        canvas[to + 3] = Math.round(alpha * 255)
      }
    }
  }
  return canvas
}

function clear(canvas: Buffer, canvasWidth: number, { x, y, width, height }: ApngFrame): void {
  for (let row = y; row < y + height; row++)
    canvas.fill(0, (row * canvasWidth + x) * bytesPerPixel, (row * canvasWidth + x + width) * bytesPerPixel)
}

function shrink(canvas: Buffer, { width, height }: Apng, size: Size): Promise<Buffer> {
  const whole = sharp(Buffer.from(canvas), { raw: { width, height, channels: bytesPerPixel } })
  return whole.resize(size.width, size.height, { fit: 'fill' }).raw().toBuffer()
}
