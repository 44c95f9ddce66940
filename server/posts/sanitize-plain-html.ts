/** Elements that hold running text, wherever they stand. */
const inline = new Set(['a', 'span', 'em', 'strong', 'b', 'i', 'u', 's', 'del', 'ins', 'code', 'sub', 'sup', 'small'])
/** Elements that stand where no paragraph and no running text is open, and in which of their kind. */
const parentsOf: Readonly<Record<string, readonly string[]>> = {
  p: ['', 'blockquote', 'div'],
  div: ['', 'blockquote', 'div'],
  pre: ['', 'blockquote', 'div'],
  blockquote: ['', 'blockquote', 'div'],
  ul: ['', 'blockquote', 'div', 'li'],
  ol: ['', 'blockquote', 'div', 'li'],
  li: ['ul', 'ol']
}
const nestingMax = 12
const attributesMax = 12

/** One token: a tag with double-quoted attributes, text, or one of the few references whose meaning nobody doubts. */
const token = /<(\/?)([a-z]{1,10})((?: [a-z][a-z-]{0,30}="(?:[^"<>&]|&amp;)*")*) ?(\/?)>|[^<>&]+|&(?:amp|lt|gt|quot|#39|nbsp);/y
const attribute = / ([a-z-]+)="([^"]*)"/g
const written: Readonly<Record<string, string>> = { '&quot;': '"', '&#39;': "'", '&nbsp;': '\u00a0' }

/** What the sanitiser allows, of which this is the part that needs no parser. */
export interface PlainRules {
  /** Class names kept on links and spans. */
  classes: readonly string[]
  /** What becomes of a link's attributes; another element than a link is left to the sanitiser. */
  toSafeLink(name: string, attributes: Record<string, string>): { tagName: string; attribs: Record<string, string> }
}

/**
 * The outcome of the sanitiser for HTML as nearly all servers write it: allowed elements, closed in order where the grammar lets them stand,
 * attributes in double quotes. Undefined for anything else, which is for the sanitiser to judge: whatever two parsers could read in two
 * ways is declined and never repaired. A property test holds both together.
 */
export function sanitizePlainHtml(html: string, rules: PlainRules): string | undefined {
  const open: string[] = []
  let out = ''
  token.lastIndex = 0
  while (token.lastIndex < html.length) {
    const found = token.exec(html)
    if (found === null) return undefined
    const [whole, slash, name, attributes = '', selfClosing] = found
    if (name === undefined) out += written[whole] ?? whole
    else if (name === 'br') {
      if (slash !== '') return undefined
      out += '<br />'
    } else if (slash !== '') {
      if (attributes !== '' || selfClosing !== '' || open.pop() !== name) return undefined
      out += `</${name}>`
    } else {
      if (selfClosing !== '' || !mayOpen(name, open)) return undefined
      const tag = writeTag(name, attributes, rules)
      if (tag === undefined) return undefined
      open.push(name)
      out += tag
    }
  }
  return open.length === 0 ? out : undefined
}

function mayOpen(name: string, open: readonly string[]): boolean {
  if (open.length >= nestingMax) return false
  if (inline.has(name)) return name !== 'a' || !open.includes('a')
  const parents = parentsOf[name]
  return parents?.includes(open.at(-1) ?? '') === true
}

function writeTag(name: string, text: string, rules: PlainRules): string | undefined {
  if (text === '') return name === 'a' ? undefined : `<${name}>`
  const attributes = readAttributes(text)
  if (attributes === undefined) return undefined
  if (name === 'a') {
    const link = rules.toSafeLink(name, attributes)
    return link.tagName === 'a' ? `<a${writeAttributes(link.attribs, rules)}>` : undefined
  }
  return name === 'span' && attributes.class ? `<span${writeAttributes({ class: attributes.class }, rules)}>` : `<${name}>`
}

/** Undefined when one comes twice, or there are many. */
function readAttributes(text: string): Record<string, string> | undefined {
  const attributes: Record<string, string> = {}
  let count = 0
  attribute.lastIndex = 0
  for (let found = attribute.exec(text); found !== null; found = attribute.exec(text)) {
    const [, name = '', value = ''] = found
    if (name in attributes || ++count > attributesMax) return undefined
    attributes[name] = value.includes('&') ? value.replaceAll('&amp;', '&') : value
  }
  return attributes
}

function writeAttributes(attributes: Record<string, string>, { classes }: PlainRules): string {
  let out = ''
  for (const [name, value] of Object.entries(attributes)) {
    const kept = name === 'class' ? keepClasses(value, classes) : value
    if (kept !== '') out += ` ${name}="${escapeValue(kept)}"`
  }
  return out
}

function keepClasses(value: string, classes: readonly string[]): string {
  if (classes.includes(value)) return value
  return value
    .split(/\s+/)
    .filter((each) => classes.includes(each))
    .join(' ')
}

function escapeValue(value: string): string {
  return /[&<>"]/.test(value)
    ? value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
    : value
}
