import sharp from 'sharp'
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
