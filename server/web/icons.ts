import { readFileSync } from 'node:fs'

/** How the partial `icon` names a drawing. What people wrote never holds one: `use` does not pass the sanitizer. */
const uses = /<use href="#i-([\w-]+)"/g
const symbols = /<symbol id="([\w-]+)"[\s\S]*?<\/symbol>/g

/** The drawings of views/icons.svg by their name, each a `symbol` for pages. */
export function loadIcons(file: string): Map<string, string> {
  const drawings = [...readFileSync(file, 'utf8').matchAll(symbols)]
  return new Map(drawings.map(([symbol, name]) => [name!, symbol.replace(`id="${name}"`, `id="i-${name}"`)]))
}

/**
 * A page with the drawings of the icons it uses at its end: each stands there once, and none needs a request of its own. An icon without a
 * drawing is left empty.
 */
export function withIcons(html: string, icons: ReadonlyMap<string, string>): string {
  const used = new Set([...html.matchAll(uses)].map(([, name]) => name!))
  if (used.size === 0) return html
  const drawings = [...used].map((name) => icons.get(name) ?? '').join('')
  const end = html.lastIndexOf('</body>')
  return `${html.slice(0, end)}<svg class="icons" aria-hidden="true">${drawings}</svg>\n${html.slice(end)}`
}
