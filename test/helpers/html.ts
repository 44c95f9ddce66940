/** Hidden inputs of a page by name (the last of each name). Pages of ours always quote attributes and write the type first. */
export function hiddenFieldsOf(html: string): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [tag] of html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1]
    const value = /value="([^"]*)"/.exec(tag)?.[1]
    if (name !== undefined && value !== undefined) fields[name] = unescapeHtml(value)
  }
  return fields
}

/** A page's visible words, with white space folded. */
export function textOf(html: string): string {
  return unescapeHtml(html.replace(/<(script|style)[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
}

/** The part of a page that belongs to one post, by its anchor. */
export function articleOf(html: string, postId: number): string {
  const start = html.indexOf(`id="post-${postId}"`)
  if (start < 0) throw new Error(`No article for post ${postId} on the page.`)
  return html.slice(html.lastIndexOf('<article', start), html.indexOf('</article>', start))
}

export function unescapeHtml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&#x3D;', '=')
    .replaceAll('&#x60;', '`')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
