import { crc32 } from 'node:zlib'

/** Chunks looked at in one file; pictures have some tens, long animations some hundreds. */
const chunksMax = 5_000
/** What every frame needs besides its pixels. */
const sharedTypes = new Set(['PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT'])
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** One frame of an APNG (PNG, third edition, 11.3.6), and how it is laid over what is there. */
export interface ApngFrame {
  /** Makes it a PNG of its own; not before it is drawn, since each holds a copy of what all share. */
  toPng: () => Buffer
  width: number
  height: number
  x: number
  y: number
  delayMs: number
  /** What becomes of its place before the next: stays, is emptied, or is as it was before. */
  dispose: 'keep' | 'clear' | 'previous'
  /** It takes the place of what is there, else it is laid over it. */
  isReplacing: boolean
}

export interface Apng {
  width: number
  height: number
  /** Times it runs; 0 for ever. */
  plays: number
  frames: ApngFrame[]
}

interface Chunk {
  type: string
  data: Buffer
}

/** The frames of an animated PNG; undefined for a still one, and for what does not follow the standard (which then is shown as its still picture). Pure. */
export function readApng(bytes: Buffer): Apng | undefined {
  const chunks = chunksOf(bytes)
  const header = chunks[0]
  const control = chunks.find(({ type }) => type === 'acTL')
  if (header?.type !== 'IHDR' || header.data.length !== 13 || control?.data.length !== 8) return undefined
  const size = { width: header.data.readUInt32BE(0), height: header.data.readUInt32BE(4) }
  const shared = chunks.filter(({ type }) => sharedTypes.has(type))
  const frames: ApngFrame[] = []
  let open: { control: Buffer; parts: Buffer[] } | undefined
  const close = () => {
    if (open && open.parts.length > 0) frames.push(frameOf(open.control, header.data, shared, Buffer.concat(open.parts)))
    open = undefined
  }
  for (const { type, data } of chunks) {
    if (type === 'fcTL') {
      close()
      if (data.length !== 26) return undefined
      open = { control: data, parts: [] }
    } else if (type === 'IDAT') open?.parts.push(data)
    else if (type === 'fdAT') open?.parts.push(data.subarray(4))
  }
  close()
  const isWhole = frames.every(({ x, y, width, height }) => width > 0 && height > 0 && x + width <= size.width && y + height <= size.height)
  if (!isWhole || frames.length < 2 || frames.length !== control.data.readUInt32BE(0)) return undefined
  return { ...size, plays: control.data.readUInt32BE(4), frames }
}

function chunksOf(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = []
  for (let at = signature.length; at + 12 <= bytes.length && chunks.length < chunksMax; ) {
    const length = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (at + 12 + length > bytes.length) break
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

/** Its own header has the size of the frame, and all else of the picture's. */
function frameOf(control: Buffer, header: Buffer, shared: readonly Chunk[], pixels: Buffer): ApngFrame {
  const own = Buffer.from(header)
  control.copy(own, 0, 4, 12)
  const denominator = control.readUInt16BE(22) || 100
  const dispose = (['keep', 'clear', 'previous'] as const)[control[24] ?? 0] ?? 'keep'
  const parts: Chunk[] = [{ type: 'IHDR', data: own }, ...shared, { type: 'IDAT', data: pixels }, { type: 'IEND', data: Buffer.alloc(0) }]
  return {
    toPng: () => Buffer.concat([signature, ...parts.map(written)]),
    width: control.readUInt32BE(4),
    height: control.readUInt32BE(8),
    x: control.readUInt32BE(12),
    y: control.readUInt32BE(16),
    delayMs: Math.round((1_000 * control.readUInt16BE(20)) / denominator),
    dispose,
    isReplacing: control[25] === 0
  }
}

function written({ type, data }: Chunk): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
