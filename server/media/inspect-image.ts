import sharp, { type Metadata } from 'sharp'
import { Refusal } from '#server/errors.ts'
import { type ImageKind, isHeic, isOneScanJpeg, sniffImage } from '#server/media/image-kinds.ts'

const million = 1_000_000

/** Most pixels of one picture, when it can be decoded a few lines at a time. */
export const pixelsMax = 40 * million
/** Memory (bytes) that decoding may take when the whole picture must be held at once. */
const wholeBytesMax = 72 * million
/** AVIF costs its decoder some 18 bytes a pixel: this is an 8K-by-1K or a 4K picture. */
const avifPixelsMax = 8.4 * million
/** An animation has at most so many frames, and so many pixels in all frames together. */
export const framesMax = 500
export const animationPixelsMax = 25 * million

const formatOfKind: Record<ImageKind, string> = { jpeg: 'jpeg', png: 'png', gif: 'gif', webp: 'webp', avif: 'heif' }

/** A picture that may be decoded, as its header tells. */
export interface InspectedImage {
  kind: ImageKind
  /** Pixels as stored, before the orientation is applied. */
  width: number
  height: number
  /** EXIF orientation, 1 to 8. */
  orientation: number
  hasAlpha: boolean
  isAnimated: boolean
}

interface InspectOptions {
  /** For pictures of others: a too long animation is taken as its first frame, where an upload is refused. */
  isFirstFrameEnough: boolean
}

/**
 * Reads the header and decides whether the picture may be decoded at all; nothing is decoded here. Refusals: `unsupported` for what is
 * no picture of ours, whatever its name or declared type; `invalid` for a broken, a too large or a too long one.
 */
export async function inspectImage(bytes: Buffer, { isFirstFrameEnough }: InspectOptions): Promise<InspectedImage> {
  const kind = sniffImage(bytes)
  if (!kind) throw new Refusal('unsupported', isHeic(bytes) ? 'media.heicUnsupported' : 'media.typeUnsupported', {}, 'images')
  const header = await readHeader(bytes, kind)
  const { width, height, pages = 1 } = header
  if (width * height > pixelsMaxOf(kind, header, bytes)) throw tooManyPixels(pixelsMaxOf(kind, header, bytes))
  const isLong = pages > framesMax || pages * width * height > animationPixelsMax
  if (pages > 1 && isLong && !isFirstFrameEnough) throw new Refusal('invalid', 'media.tooManyFrames', { max: framesMax }, 'images')
  const isAnimated = pages > 1 && !isLong && kind !== 'avif'
  return { kind, width, height, orientation: header.orientation ?? 1, hasAlpha: header.hasAlpha, isAnimated }
}

async function readHeader(bytes: Buffer, kind: ImageKind): Promise<Metadata> {
  try {
    const header = await sharp(bytes, { limitInputPixels: false }).metadata()
    const isAsSniffed = header.format === formatOfKind[kind] && (kind !== 'avif' || header.compression === 'av1')
    if (isAsSniffed && header.width > 0 && header.height > 0) return header
  } catch (error) {
    throw brokenImage(error)
  }
  throw brokenImage()
}

function pixelsMaxOf(kind: ImageKind, header: Metadata, bytes: Buffer): number {
  if (kind === 'avif') return avifPixelsMax
  const bytesPerPixel = wholeBytesPerPixel(kind, header, bytes)
  return bytesPerPixel === 0 ? pixelsMax : Math.min(pixelsMax, wholeBytesMax / bytesPerPixel)
}

/** What a pixel costs while the whole picture is held in memory; 0 when it passes through line by line. */
function wholeBytesPerPixel(kind: ImageKind, header: Metadata, bytes: Buffer): number {
  if (kind === 'jpeg') return isOneScanJpeg(bytes) ? 0 : coefficientBytes(header)
  if (kind === 'png') return header.isProgressive ? header.channels * (header.depth === 'ushort' ? 2 : 1) : 0
  return 4
}

/** Two bytes a coefficient: half as many colour coefficients when they are shared by four pixels. */
function coefficientBytes({ chromaSubsampling, channels }: Metadata): number {
  return chromaSubsampling === '4:2:0' && channels === 3 ? 3 : channels * 2
}

function tooManyPixels(max: number): Refusal {
  return new Refusal('invalid', 'media.tooManyPixels', { megapixels: Math.floor(max / million) }, 'images')
}

export function brokenImage(cause?: unknown): Refusal {
  return Object.assign(new Refusal('invalid', 'media.broken', {}, 'images'), { cause })
}
