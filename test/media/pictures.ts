import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'

/** A picture with something to see in it: four coloured quarters, so that turning and mirroring show. */
export async function quarters(width = 200, height = 100): Promise<Buffer> {
  const half = { width: width / 2, height: height / 2, channels: 3 as const }
  const quarter = (background: string) =>
    sharp({ create: { ...half, background } })
      .png()
      .toBuffer()
  const [red, green, blue] = await Promise.all([quarter('#f00'), quarter('#0f0'), quarter('#00f')])
  return sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .composite([
      { input: red, left: 0, top: 0 },
      { input: green, left: width / 2, top: 0 },
      { input: blue, left: 0, top: height / 2 }
    ])
    .png()
    .toBuffer()
}

export function jpegOf(width = 200, height = 100): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#a63' } })
    .jpeg()
    .toBuffer()
}

/** A picture that does not compress, for size limits. */
export function noise(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#000', noise: { type: 'gaussian', mean: 128, sigma: 60 } } })
    .png()
    .toBuffer()
}

/** A PNG whose header claims any size over hardly any data. */
export function pngClaiming(width: number, height: number, { isInterlaced = false, bitDepth = 8 } = {}): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([bitDepth, 2, 0, 0, isInterlaced ? 1 : 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const pixels = pngChunk('IDAT', deflateSync(Buffer.alloc(1_000_000)))
  return Buffer.concat([signature, pngChunk('IHDR', header), pixels, pngChunk('IEND', Buffer.alloc(0))])
}

/** A PNG with more chunks before its end: text, EXIF, animation control. */
export function withPngChunks(png: Buffer, chunks: [string, Buffer][]): Buffer {
  const afterHeader = 8 + 25
  return Buffer.concat([png.subarray(0, afterHeader), ...chunks.map(([type, body]) => pngChunk(type, body)), png.subarray(afterHeader)])
}

function pngChunk(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(named) >>> 0)
  return Buffer.concat([length, named, sum])
}

/** A GIF of many frames, one pixel each, black and white in turn, on a canvas of any size. */
export function gifOf(width: number, height: number, frames: number): Buffer {
  const screen = Buffer.alloc(7)
  screen.writeUInt16LE(width, 0)
  screen.writeUInt16LE(height, 2)
  screen[4] = 0x80
  const palette = Buffer.from([0, 0, 0, 255, 255, 255])
  const frame = (colour: number) =>
    Buffer.from([0x21, 0xf9, 4, 4, 10, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44 | (colour << 3), 1, 0])
  return Buffer.concat([
    Buffer.from('GIF89a'),
    screen,
    palette,
    ...Array.from({ length: frames }, (_, at) => frame(at % 2)),
    Buffer.from([0x3b])
  ])
}

/** An extended WebP container that claims any canvas. */
export function webpClaiming(width: number, height: number): Buffer {
  const body = Buffer.alloc(10)
  body[0] = 0x02
  body.writeUIntLE(width - 1, 4, 3)
  body.writeUIntLE(height - 1, 7, 3)
  const chunk = Buffer.concat([Buffer.from('VP8X'), Buffer.from([10, 0, 0, 0]), body])
  const size = Buffer.alloc(4)
  size.writeUInt32LE(4 + chunk.length)
  return Buffer.concat([Buffer.from('RIFF'), size, Buffer.from('WEBP'), chunk])
}
