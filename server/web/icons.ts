import { readFileSync } from 'node:fs'
import type { PageData } from '#server/web/fragments.ts'

/** How the partial `icon` names a drawing. What people wrote never holds one: `use` does not pass the sanitizer. */
const uses = /<use href="#i-([\w-]+)"/g
const symbols = /<symbol id="([\w-]+)"[\s\S]*?<\/symbol>/g

/** The drawings of views/icons.svg by their name, each a `symbol` for pages. */
export function loadIcons(file: string): Map<string, string> {
  const drawings = [...readFileSync(file, 'utf8').matchAll(symbols)]
  return new Map(drawings.map(([symbol, name]) => [name!, symbol.replace(`id="${name}"`, `id="i-${name}"`)]))
}

type IconPartial = (context: { name: string }, options: { data: PageData }) => string

/** The partial `icon`, which is the only one that names a drawing: the page learns which it uses, and one that was drawn before is not drawn again. */
export function iconPartial(draw: IconPartial): IconPartial {
  const drawn = new Map<string, string>()
  return (context, options) => {
    const { name } = context
    const known = drawn.get(name)
    if (known !== undefined) {
      options.data.icons.add(name)
      return known
    }
    const html = draw(context, options)
    drawn.set(name, html)
    options.data.icons.add(name)
    return html
  }
}

/** The drawings that a piece of a page uses, by the names found in its text, each once; empty when it uses none. An icon without a drawing is left empty. */
export function iconsOf(html: string, icons: ReadonlyMap<string, string>): string {
  return drawingsOf(new Set([...html.matchAll(uses)].map(([, name]) => name!)), icons)
}

/** A page with the drawings of the icons it uses at its end: each stands there once, and none needs a request of its own. */
export function withIcons(html: string, used: ReadonlySet<string>, icons: ReadonlyMap<string, string>): string {
  if (used.size === 0) return html
  const end = html.lastIndexOf('</body>')
  return `${html.slice(0, end)}${drawingsOf(used, icons)}\n${html.slice(end)}`
}

function drawingsOf(used: ReadonlySet<string>, icons: ReadonlyMap<string, string>): string {
  if (used.size === 0) return ''
  return `<svg class="icons" aria-hidden="true">${[...used].map((name) => icons.get(name) ?? '').join('')}</svg>`
}
