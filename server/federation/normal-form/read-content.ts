import MarkdownIt from 'markdown-it'
import { isRecord, type Json, listOf, textOf } from '#server/federation/normal-form/values.ts'
import { escapeHtml } from '#server/posts/render-text.ts'

/** HTML within Markdown stays text, tables stay as they were typed (a line of little makes a row of hundreds of cells), and what the rest gives goes through the sanitiser like any other HTML. */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, maxNesting: 20 }).disable('table')
/** Longest Markdown that is rendered, in characters; more is shown as it was typed. */
const markdownCharactersMax = 20_000

/** The text of a document as HTML that nobody sanitised yet, by its media type (HTML unless it says otherwise), and its language. */
export function readContent(json: Json): { html: string; language: string | undefined } {
  const { text, language } = textIn(json, 'content')
  return { html: toHtml(text, textOf(json.mediaType)), language: language ?? languageOf(json) }
}

/** A text that may come alone, or once a language in a map; the map says which language the single text is in. */
export function textIn(json: Json, field: 'content' | 'name' | 'summary'): { text: string; language: string | undefined } {
  const map = json[`${field}Map`]
  const entries = isRecord(map) ? Object.entries(map).map(([tag, value]) => [tag, textOf(value)] as const) : []
  const text = textOf(json[field]) || (entries.find(([, value]) => value !== '')?.[1] ?? '')
  return { text, language: canonicalLanguage(entries.find(([, value]) => value === text)?.[0]) }
}

function toHtml(text: string, mediaType: string): string {
  const [type] = mediaType.toLowerCase().split(';', 1)
  if (type?.trim() === 'text/markdown' && text.length <= markdownCharactersMax) return markdown.render(text)
  return type?.trim() === 'text/plain' || type?.trim() === 'text/markdown' ? toParagraphs(text) : text
}

/** Forum software says it in an object of its own, others in the context. */
function languageOf(json: Json): string | undefined {
  const said = isRecord(json.language) ? json.language.identifier : undefined
  const inContext = listOf(json['@context'])
    .filter(isRecord)
    .map((context) => context['@language'])
    .findLast((tag) => typeof tag === 'string')
  return canonicalLanguage(said ?? inContext)
}

function canonicalLanguage(tag: unknown): string | undefined {
  if (typeof tag !== 'string' || !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) || tag === 'und') return undefined
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

function toParagraphs(text: string): string {
  const paragraphs = escapeHtml(text)
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
  return paragraphs.map((paragraph) => `<p>${paragraph.trim().replaceAll('\n', '<br>')}</p>`).join('')
}
