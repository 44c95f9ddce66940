import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import type { Messages, MessageValues, Translate } from '#server/platform/messages.ts'
import type { AdminPageViews } from '#server/web/admin/views/admin-views.ts'
import { type Assets, loadAssets } from '#server/web/assets.ts'
import { wordFiles, wordFileName } from '#server/web/script-words.ts'
import { Fragments, keptPartials, type PageData, type Piece } from '#server/web/fragments.ts'
import { iconPartial, iconsOf, loadIcons, withIcons } from '#server/web/icons.ts'
import type { ChromeView } from '#server/web/views/chrome-view.ts'
import type { PageViews } from '#server/web/views/page-views.ts'

const slotMark = '\u{F8FF}'
const knownHelpers = { t: true, phrase: true, field: true, if: true, unless: true, each: true, with: true }
/** Tabs that stand before what their pages are about; the skip link of such a page leads past them, and a second one to them. */
const passedTabs = /\{\{> (?:settings-tabs|admin-tabs|passed-tabs|content-start)\b/
const tabsMark = '<nav class="tabs" id="tabs"'
const folders = { layouts: '', partials: '', pages: '', admin: 'admin/' } as const
const compileOptions = { strict: true, knownHelpers, knownHelpersOnly: true, explicitPartialContext: true, preventIndent: true } as const

/** What a field partial may be told by a template; the rest (`value`, `error`, `options`, `isChecked`) comes from the view. */
const fieldDefaults = {
  name: undefined,
  label: undefined,
  hint: undefined,
  type: 'text',
  autocomplete: undefined,
  inputmode: undefined,
  spellcheck: undefined,
  isRequired: false,
  isBare: false,
  autofocus: false,
  maxLength: undefined,
  minLength: undefined,
  rows: 3,
  value: undefined,
  error: undefined,
  prefix: undefined,
  suffix: undefined,
  id: undefined,
  language: undefined
}

export type AllPageViews = PageViews & AdminPageViews

export interface Renderer {
  /** One whole HTML document. Throws on a name the view does not have: that is a bug, shown as a 500, never an empty place. */
  page<Name extends keyof AllPageViews>(name: Name, page: Page<Name>): string
  /** The same in UTF-8, as it is sent. */
  pageBytes<Name extends keyof AllPageViews>(name: Name, page: Page<Name>): Buffer
  /** What each partial made of these pages, every output once and with the drawings it uses; partials that none of them needs have no outputs. */
  partialsOf(pages: readonly RenderedPage[]): Map<string, string[]>
  /** The static files and their addresses, to be served under /static/ for a year. */
  readonly assets: Assets
}

/** A page with everything it needs. */
export interface RenderedPage<Name extends keyof AllPageViews = keyof AllPageViews> {
  name: Name
  view: AllPageViews[Name]
  chrome: ChromeView
  t: Translate
}

type Page<Name extends keyof AllPageViews> = Omit<RenderedPage<Name>, 'name'>

interface RendererOptions {
  /** The folder that holds layouts, partials, pages, admin, static and the icons. */
  viewsDir: string
  /** Every key a template names must be in there, or the start fails. */
  messages: Messages
  /** Reads templates and static files again for each page, so that a change shows on reload. */
  isDev: boolean
  /** How much of drawn posts and the like is kept (see fragments.ts); 0 draws everything each time. */
  fragmentBytesMax?: number
  /** Random, and never shown: marks the places of what is kept. */
  secret: string
}

/** About three thousand posts as somebody signed in sees them. */
const fragmentBytesUsual = 32 * 1_024 ** 2

type Template = (context: unknown, options: { data: PageData }) => string

interface Loaded {
  templates: Map<string, Template>
  /** Templates with tabs that the skip link passes. */
  withPassedTabs: ReadonlySet<string>
  assets: Assets
  icons: Map<string, string>
  partials: ReadonlySet<string>
  fragments: Fragments
}

type Note = (partial: string, html: string) => void

/** Loads all templates; a syntax error, an unknown partial, helper or message key, or a triple-stash on a name that is not HTML stops the start. */
export function createRenderer({
  viewsDir,
  messages,
  isDev,
  fragmentBytesMax: bytesMax = fragmentBytesUsual,
  secret
}: RendererOptions): Renderer {
  const loaded = () => load(viewsDir, messages, new Fragments({ bytesMax, secret }))
  let state = loaded()
  function draw<Name extends keyof AllPageViews>(from: Loaded, name: Name, { view, chrome, t }: Page<Name>): Buffer {
    const { templates, withPassedTabs, assets, icons, fragments } = from
    const words = assets.paths[wordFileName(t.language)] ?? assets.paths[wordFileName(messages.languages[0]!)]
    const data = { t, chrome, assets: assets.paths, words, icons: new Set<string>(), pieces: [] as Piece[] }
    const drawn = templates.get(`${name}`)!({ view }, { data })
    const body = fragments.join(drawn, data.pieces)
    // The long part of the page becomes bytes once: the frame is put around its mark.
    const skipTo = withPassedTabs.has(name) ? 'content' : 'main'
    // Some of these pages have tabs for some readers only.
    const hasTabs = skipTo === 'content' && drawn.includes(tabsMark)
    const frame = templates.get('layouts/page')!({ bodyHtml: fragments.place(data.pieces, body), chrome, name, skipTo, hasTabs }, { data })
    return Buffer.concat(fragments.join(withIcons(frame, data.icons, icons), data.pieces))
  }
  function pageBytes<Name extends keyof AllPageViews>(name: Name, page: Page<Name>): Buffer {
    if (isDev) state = loaded()
    return draw(state, name, page)
  }
  return {
    get assets() {
      return state.assets
    },
    pageBytes,
    page: (name, page) => pageBytes(name, page).toString(),
    partialsOf(pages) {
      const seen = new Map<string, Set<string>>()
      const noting = load(viewsDir, messages, new Fragments({ bytesMax: 0, secret }), (partial, html) => void seen.get(partial)?.add(html))
      for (const partial of noting.partials) seen.set(partial, new Set())
      for (const { name, ...page } of pages) draw(noting, name, page)
      return new Map([...seen].map(([partial, outputs]) => [partial, [...outputs].map((html) => html + iconsOf(html, noting.icons))]))
    }
  }
}

function load(viewsDir: string, messages: Messages, fragments: Fragments, note?: Note): Loaded {
  const handlebars = Handlebars.create()
  for (const name of Object.keys(handlebars.helpers)) if (!(name in knownHelpers)) handlebars.unregisterHelper(name)
  handlebars.registerHelper('t', translate)
  handlebars.registerHelper('phrase', phrase)
  handlebars.registerHelper('field', field)

  const sources = Object.entries(folders).flatMap(([folder, prefix]) =>
    readTemplates(join(viewsDir, folder), folder === 'layouts' || folder === 'partials' ? `${folder}/` : prefix)
  )
  const partials = new Set(sources.filter(({ name }) => name.startsWith('partials/')).map(({ name }) => name.slice('partials/'.length)))
  const templates = new Map<string, Template>()
  for (const { name, source } of sources) {
    const tree = checkedTree(name, source, partials, messages)
    const template = handlebars.compile(tree, compileOptions) as Template
    if (name.startsWith('partials/')) {
      const partial = name.slice('partials/'.length)
      const drawn = drawnPartial(partial, template, fragments)
      handlebars.registerPartial(partial, (note ? noted(partial, drawn, note) : drawn) as Handlebars.Template)
    } else templates.set(name, template)
  }
  const withPassedTabs = new Set(sources.filter(({ source }) => passedTabs.test(source)).map(({ name }) => name))
  const assets = loadAssets(join(viewsDir, 'static'), wordFiles(messages))
  return { templates, withPassedTabs, assets, icons: loadIcons(join(viewsDir, 'icons.svg')), partials, fragments }
}

function drawnPartial(name: string, template: Template, fragments: Fragments): Template {
  if (name === 'icon') return iconPartial(template as Parameters<typeof iconPartial>[0]) as Template
  return keptPartials.has(name) ? fragments.kept(name, template) : template
}

function noted(name: string, template: Template, note: Note): Template {
  return (context, options) => {
    const html = template(context, options)
    note(name, html)
    return html
  }
}

function readTemplates(dir: string, prefix: string): { name: string; source: string }[] {
  const files = readdirSync(dir)
    .filter((file) => file.endsWith('.hbs'))
    .sort()
  return files.map((file) => ({ name: prefix + file.slice(0, -'.hbs'.length), source: readFileSync(join(dir, file), 'utf8') }))
}

/**
 * Parses a template and holds it to the house rules. Handlebars' own strict mode looks only at plain `{{names}}`; marking every path
 * makes conditions, loops and arguments strict too.
 */
function checkedTree(name: string, source: string, partials: Set<string>, messages: Messages): hbs.AST.Program {
  const tree = Handlebars.parse(source, { srcName: name })
  const fail = (message: string, node: hbs.AST.Node) => {
    throw new Error(`views/${name}.hbs:${node.loc.start.line}: ${message}`)
  }
  class Rules extends Handlebars.Visitor {
    override PathExpression(path: hbs.AST.PathExpression): void {
      ;(path as unknown as { strict: boolean }).strict = true
    }
    override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
      const path = mustache.path as hbs.AST.PathExpression
      if (!mustache.escaped && !/html$/i.test(path.original)) fail(`{{{${path.original}}}} must end in Html to stand unescaped`, mustache)
      this.#call(mustache)
      super.MustacheStatement(mustache)
    }
    override BlockStatement(block: hbs.AST.BlockStatement): void {
      this.#call(block)
      super.BlockStatement(block)
    }
    override SubExpression(expression: hbs.AST.SubExpression): void {
      this.#call(expression)
      super.SubExpression(expression)
    }
    override PartialStatement(partial: hbs.AST.PartialStatement): void {
      const target = (partial.name as hbs.AST.PathExpression).original
      if (!partials.has(target)) fail(`there is no partial "${target}"`, partial)
      super.PartialStatement(partial)
    }
    override Hash(hash: hbs.AST.Hash): void {
      const dropped = hash.pairs.find(({ value }) => value.type === 'UndefinedLiteral')
      if (dropped) fail('Handlebars drops a hash value that is written as undefined: write ""', dropped)
      super.Hash(hash)
    }
    #call(node: hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression): void {
      const called = (node.path as hbs.AST.PathExpression).original
      const isCall = node.type !== 'MustacheStatement' || node.params.length > 0 || node.hash !== undefined
      if (isCall && !(called in knownHelpers)) fail(`there is no helper "${called}"`, node)
      const [key] = node.params
      if ((called === 't' || called === 'phrase') && key?.type === 'StringLiteral' && !messages.has((key as hbs.AST.StringLiteral).value)) {
        fail(`there is no message "${(key as hbs.AST.StringLiteral).value}"`, node)
      }
    }
  }
  new Rules().accept(tree)
  return tree
}

function translate(key: string, options: Handlebars.HelperOptions): string {
  return (options.data as PageData).t(key, options.hash as MessageValues)
}

/** A message with one piece of markup in it: `{{#phrase 'post.boostedBy'}}<a …>…</a>{{/phrase}}` puts the block where the message says {slot}. */
function phrase(this: unknown, key: string, options: Handlebars.HelperOptions): Handlebars.SafeString {
  const text = (options.data as PageData).t(key, { ...options.hash, slot: slotMark })
  return new Handlebars.SafeString(Handlebars.escapeExpression(text).replace(slotMark, () => options.fn(this)))
}

/** The context of a field partial: defaults, then what the view brings, then what the template says. The id is the name, unless given. */
function field(view: object | undefined, options: Handlebars.HelperOptions): object {
  if (!view) throw new Error(`The view brings no field for "${options.hash.name}".`)
  const context = { ...fieldDefaults, ...view, ...options.hash }
  return { ...context, id: context.id ?? `field-${context.name}` }
}
