import { unescapeHtml } from '#test/helpers/html.ts'

/** A field of a form as its page holds it. */
export interface PageField {
  name: string
  /** The type of an input, or `textarea`, `select`, `button`. */
  kind: string
  /** What it would send as it stands; a checkbox says here what it would send if it were ticked. */
  value: string
  isTicked: boolean
  /** Ids of what describes it. */
  describedBy: string[]
  isInvalid: boolean
}

/** A form that is sent by POST, once for each address its buttons lead to. */
export interface PageForm {
  path: string
  fields: PageField[]
}

/** Kinds of fields that people type or choose in. */
const hiddenKinds = new Set(['hidden', 'button', 'submit'])

/** All POST forms of a page. Pages of ours always quote attributes. */
export function formsOf(html: string): PageForm[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].flatMap(([, head, body]) => {
    if (attribute(head!, 'method') !== 'post') return []
    const fields = fieldsOf(body!)
    // Buttons may stand anywhere on the page and name their form.
    const id = attribute(head!, 'id')
    const named = id === '' ? [] : [...html.matchAll(/<button\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => attribute(tag, 'form') === id)
    const byButton = [body!, ...named].flatMap((part) => [...part.matchAll(/formaction="([^"]*)"/g)].map(([, path]) => unescapeHtml(path!)))
    return [attribute(head!, 'action'), ...byButton].filter((path) => path !== '').map((path) => ({ path: path.split('#', 1)[0]!, fields }))
  })
}

/** Whether somebody typed or chose something in it. */
export function isTyped({ kind }: PageField): boolean {
  return !hiddenKinds.has(kind)
}

function fieldsOf(body: string): PageField[] {
  const fields: PageField[] = []
  for (const [, tag, head, rest] of body.matchAll(
    /<(input|textarea|select|button)\b([^>]*)>((?:(?!<(?:input|textarea|select|button)\b)[\s\S])*)/g
  )) {
    const name = attribute(head!, 'name')
    if (name === '') continue
    const kind = tag === 'input' ? attribute(head!, 'type') || 'text' : tag!
    const known = kind === 'radio' ? fields.find((field) => field.name === name) : undefined
    const isTicked = /\schecked\b/.test(head!)
    const value = writtenIn(tag!, head!, rest!)
    if (known && isTicked) Object.assign(known, { value, isTicked })
    if (known) continue
    fields.push({
      name,
      kind,
      value,
      isTicked,
      describedBy: attribute(head!, 'aria-describedby').split(' ').filter(Boolean),
      isInvalid: attribute(head!, 'aria-invalid') === 'true'
    })
  }
  return fields
}

function writtenIn(tag: string, head: string, rest: string): string {
  // The line end after the tag is not part of what was typed.
  if (tag === 'textarea') return unescapeHtml(rest.slice(0, rest.indexOf('</textarea>')).replace(/^\n/, ''))
  if (tag === 'select')
    return unescapeHtml(/<option value="([^"]*)" selected/.exec(rest)?.[1] ?? /<option value="([^"]*)"/.exec(rest)?.[1] ?? '')
  return attribute(head, 'value')
}

function attribute(head: string, name: string): string {
  return unescapeHtml(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(head)?.[1] ?? '')
}
