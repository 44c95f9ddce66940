import sharp from 'sharp'
import { crc32 } from 'node:zlib'
import type { OwnEmoji } from '#server/emoji/emoji-book.ts'
import { addEmoji } from '#server/emoji/add-emoji.ts'
import type { Instance } from '#test/helpers/instance.ts'

/** A see-through square as PNG. */
export function pngOf(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 4, background: { r: 40, g: 120, b: 90, alpha: 0.5 } } })
    .png()
    .toBuffer()
}

/** Puts an emoji up, as the operator would. */
export async function emojiHere(
  { ctx }: Instance,
  shortcode: string,
  over: Partial<Parameters<typeof addEmoji>[2]> = {}
): Promise<OwnEmoji> {
  const bytes = await pngOf(64, 64)
  return addEmoji(ctx, { kind: 'operator' }, { shortcode, category: '', alt: '', isHidden: false, bytes, copiedFrom: null, ...over })
}

/**
 * Three frames: all red for 100 ms, blue in the upper left for 200 ms and taken back, a green dot; twice. `offset` pushes the second out of the canvas; `plays`
 * says how often it runs, and `delay` (hundredths of a second) how long the first frame stands.
 */
export async function apngOf(width: number, height: number, offset = 0, { plays = 2, delay = 10 } = {}): Promise<Buffer> {
  const frames = [
    { colour: { r: 255, g: 0, b: 0 }, width, height, x: 0, y: 0, delay, dispose: 0 },
    { colour: { r: 0, g: 0, b: 255 }, width: width / 2, height: height / 2, x: offset === 0 ? 0 : width, y: 0, delay: 20, dispose: 2 },
    { colour: { r: 0, g: 255, b: 0 }, width: 10, height: 10, x: width - 10, y: height - 10, delay: 10, dispose: 0 }
  ]
  const parts: Buffer[] = []
  let sequence = 0
  for (const [at, frame] of frames.entries()) {
    const png = await sharp({
      create: { width: frame.width, height: frame.height, channels: 4, background: { ...frame.colour, alpha: 1 } }
    })
      .png()
      .toBuffer()
    const read = chunksOf(png)
    if (at === 0) parts.push(chunk('IHDR', read.get('IHDR')!), chunk('acTL', numbers(frames.length, plays)))
    const control = Buffer.concat([numbers(sequence++, frame.width, frame.height, frame.x, frame.y), Buffer.alloc(6)])
    control.writeUInt16BE(frame.delay, 20)
    control.writeUInt16BE(100, 22)
    control[24] = frame.dispose
    parts.push(chunk('fcTL', control))
    parts.push(at === 0 ? chunk('IDAT', read.get('IDAT')!) : chunk('fdAT', Buffer.concat([numbers(sequence++), read.get('IDAT')!])))
  }
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts, chunk('IEND', Buffer.alloc(0))])
}

function chunksOf(png: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>()
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const type = png.toString('latin1', at + 4, at + 8)
    found.set(type, Buffer.concat([found.get(type) ?? Buffer.alloc(0), png.subarray(at + 8, at + 8 + png.readUInt32BE(at))]))
  }
  return found
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, 4 * at)
  return bytes
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  return Buffer.concat([numbers(data.length), named, numbers(crc32(named))])
}
