import { cutCharacters } from '#server/platform/clean-text.ts'

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' }

/**
 * Sanitised HTML as plain text, for previews, notifications and search: line feeds for <br> and ends of items, blank lines between blocks. Cut
 * after `charactersMax` code points, with an ellipsis when something was cut.
 */
export function htmlToText(html: string, charactersMax = Number.POSITIVE_INFINITY): string {
  const text = decodeEntities(
    withoutTags(
      html
        .replace(/<br\s*\/?>/g, '\n')
        .replace(/<\/li>/g, '\n')
        .replace(/<\/(?:p|div|blockquote|pre|ul|ol|h[1-6])>|<hr\s*\/?>/g, '\n\n')
    )
  )
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  if (text.length <= charactersMax) return text
  const cut = cutCharacters(text, charactersMax)
  return cut === text ? text : `${cut.trimEnd()}…`
}

/** Of what strangers wrote, which nobody has sanitised yet, no tag is looked for behind the last that ends: else each of very many that open costs a look at all the rest. */
function withoutTags(html: string): string {
  const end = html.lastIndexOf('>') + 1
  return html.slice(0, end).replace(/<[^>]*>/g, '') + html.slice(end)
}

/** The entities that our own renderer and sanitiser write. */
export function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (whole, name: string) => entities[name] ?? whole)
}
