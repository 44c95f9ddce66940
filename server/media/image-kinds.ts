export type ImageKind = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif'

/** What a file may be, for the `accept` attribute of a form and the list that client programs ask for. */
export const imageTypesTaken: readonly string[] = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']

/** What we make of it; nothing else is ever served from /media. */
export const imageTypesServed = ['image/jpeg', 'image/png', 'image/webp'] as const
export type ServedType = (typeof imageTypesServed)[number]

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** A file type box names at most so many brands that we look at. */
const brandsMax = 16

/** What the bytes are, by the signature at their start; names and declared types play no part. Undefined for everything we do not take. */
export function sniffImage(bytes: Buffer): ImageKind | undefined {
  if (bytes.length < 12) return undefined
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg'
  if (bytes.subarray(0, 8).equals(pngSignature)) return 'png'
  const start = bytes.toString('latin1', 0, 12)
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return 'gif'
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'webp'
  return brandsOf(bytes).some((brand) => brand === 'avif' || brand === 'avis') ? 'avif' : undefined
}

/** Pictures as iPhones keep them, for which no free decoder is at hand: people deserve to hear what to do. */
export function isHeic(bytes: Buffer): boolean {
  return brandsOf(bytes).some((brand) => brand.startsWith('hei') || brand.startsWith('hev'))
}

/** Major and compatible brands of an ISO base media file (ISO/IEC 14496-12, 4.3). */
function brandsOf(bytes: Buffer): string[] {
  if (bytes.length < 16 || bytes.toString('latin1', 4, 8) !== 'ftyp') return []
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 16 + 4 * brandsMax)
  const brands = [bytes.toString('latin1', 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.toString('latin1', at, at + 4))
  return brands
}

/**
 * Whether a JPEG can be decoded line by line: one scan holds all components. In a file of several scans (every progressive one) the
 * decoder must keep all coefficients of the whole picture, up to eight bytes a pixel.
 */
export function isOneScanJpeg(bytes: Buffer): boolean {
  let components = 0
  let at = 2
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return false
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === 0xda) return components > 0 && bytes[at + 4] === components
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame && marker > 0xc1) return false
    if (isFrame) components = bytes[at + 9] ?? 0
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return false
}
