import { cleanText } from '#server/platform/clean-text.ts'
import { renderText } from '#server/posts/render-text.ts'

/** The instance's description as HTML: typed text, whose empty lines part paragraphs and whose addresses become links. */
export function describe(description: string, origin: string): string {
  return renderText(cleanText(description), new Map(), origin)
}
