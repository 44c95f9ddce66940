import type { LightMyRequestResponse } from 'fastify'
import { cleanText } from '#server/platform/clean-text.ts'
import { outsideBrackets } from '#test/helpers/pseudo.ts'
import type { Fields } from '#test/helpers/people.ts'
import { textOf, unescapeHtml } from '#test/helpers/html.ts'
import { code, isOfPicture } from '#test/web/bad-input/values.ts'
import { formsOf, isTyped, type PageField, type PageForm } from '#test/web/bad-input/forms.ts'

/** What no page tells about itself: traces, tables, file names of the house, and what templates leave when they fail. */
const insides = /node_modules|\bat .{1,80}:\d+:\d+|\.ts:\d+|SQLITE_|SqliteError|relation ".*" does not|FST_|\[object |\bundefined\b|\bNaN\b/
const rawKey = /\b(?:errors?|form|flash|admin|signUp|signIn|report|post|media|settings|composer|relation|confirm|password)\.[a-z][\w-]+/
/** Forms that name no field: which of two things is wrong is not for everybody to learn. */
const nameless = new Set(['/sign-in', '/sign-in/recovery'])
const shownAgain = new Set([409, 413, 415, 422, 429])

/** What is wrong with any answer to bad input, a sentence each. */
export function faultsOf({ statusCode, headers, body }: LightMyRequestResponse): string[] {
  const faults: string[] = []
  if (statusCode >= 500) faults.push(`answered ${statusCode}`)
  if (statusCode >= 300 && statusCode < 400 && statusCode !== 303 && statusCode !== 304) faults.push(`leads on with ${statusCode}`)
  // Documents for programs say something of errors only.
  const isRead = statusCode >= 400 || String(headers['content-type']).startsWith('text/html')
  const words = isRead ? messagesOf(body, statusCode) : []
  for (const said of words.map((each) => each.replaceAll(code, '')))
    if (rawKey.test(said) || insides.test(said) || /\{\w+\}/.test(said)) faults.push(`says "${said}"`)
  // Everybody reads the pseudo-locale; programs are told in English.
  const isPage = String(headers['content-type']).startsWith('text/html')
  for (const said of isPage ? words : [])
    if (/\p{L}{2}/u.test(outsideBrackets(said))) faults.push(`says "${said.slice(0, 200)}", which is not from the catalogue`)
  if (statusCode >= 400 && words.length === 0) faults.push(`${statusCode} says nothing of what was wrong (${headers['content-type']})`)
  return faults
}

/** An answer to a form that is not 303 or an error is a further step: there is a form to go on with. Else reloading would do it all again. */
export function faultsOfStep({ statusCode, headers, body }: LightMyRequestResponse): string[] {
  const main = body.slice(body.indexOf('<main'), body.indexOf('</main>'))
  const isPage = String(headers['content-type']).startsWith('text/html')
  return statusCode === 200 && isPage && formsOf(main).length === 0 ? ['answers a form with a page that has no address'] : []
}

/** A refused form is shown again: with what was typed, and with what was wrong beside its field. */
export function faultsOfForm(response: LightMyRequestResponse, path: string, sent: Fields, fields: readonly PageField[]): string[] {
  const { statusCode, body } = response
  const typed = fields.filter((field) => isTyped(field) && field.name in sent)
  if (!shownAgain.has(statusCode) || typed.length === 0) return []
  // Buttons of other forms may lead to the same address: the form that is meant has the fields.
  const form = formsOf(body)
    .filter((each) => each.path === path)
    .toSorted((one, other) => typedIn(other, sent) - typedIn(one, sent))[0]
  if (!form) return [`${statusCode} does not show the form again`]
  const faults = typed.flatMap((field) => lossOf(field, sent[field.name]!, form.fields))
  const tied = form.fields.filter(
    ({ isInvalid, describedBy }) => isInvalid && describedBy.some((id) => id.endsWith('-error') && said(body, id) !== '')
  )
  const grouped = /<fieldset[^>]*aria-describedby="([^"]*-error)"/.exec(body)?.[1]
  // Which of the two is wrong at signing in is not for everybody to learn.
  if (statusCode === 422 && !nameless.has(path) && tied.length === 0 && !(grouped && said(body, grouped)))
    faults.push('no field is named as wrong')
  return faults
}

/** Each sentence of a page that says what went wrong, or the whole page of an error; of other answers, all of it. */
function messagesOf(body: string, statusCode: number): string[] {
  if (body.startsWith('{"error"')) return [(JSON.parse(body) as { error: string }).error]
  if (!body.startsWith('<!DOCTYPE')) return body === '' ? [] : [body]
  const marked = [...body.matchAll(/<p class="(?:flash flash-bad|field-error)"[\s\S]*?<\/p>/g)].map(([html]) => html)
  const main = textOf(body.slice(body.indexOf('<main'), body.indexOf('</main>')))
  return marked.length > 0 || statusCode < 400 ? marked.map(textOf) : [main]
}

function typedIn({ fields }: PageForm, sent: Fields): number {
  return fields.filter((field) => isTyped(field) && field.name in sent).length
}

function lossOf({ name, kind }: PageField, value: Fields[string], shown: readonly PageField[]): string[] {
  if (kind === 'file' || name === 'csrf') return []
  const field = shown.find((each) => each.name === name)
  // A form offers what there is: a post that is not there any more cannot be ticked.
  if (!field) return kind === 'checkbox' || isOfPicture(name) ? [] : [`the field ${name} is gone`]
  if (kind === 'password') return field.value === '' ? [] : [`the password in ${name} is written into the page`]
  // An unknown choice cannot be shown.
  if (kind === 'select' || kind === 'radio') return []
  if (kind === 'checkbox') return field.isTicked || field.value !== value ? [] : [`the tick at ${name} is gone`]
  // What a browser sends is well-formed.
  const last = cleanText(String(Array.isArray(value) ? value.at(-1) : value).toWellFormed())
  return field.value === last ? [] : [`what was typed in ${name} is gone: ${JSON.stringify(field.value.slice(0, 60))}`]
}

function said(html: string, id: string): string {
  const [, words] = new RegExp(`id="${id}"[^>]*>([\\s\\S]*?)</p>`).exec(html) ?? []
  return unescapeHtml(textOf(words ?? ''))
}
