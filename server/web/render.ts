import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import type { Messages, MessageValues, Translate } from '#server/platform/messages.ts'
import type { AdminPageViews } from '#server/web/admin/views/admin-views.ts'
import { type Assets, loadAssets } from '#server/web/assets.ts'
import { wordFiles, wordFileName } from '#server/web/script-words.ts'
import { loadIcons, withIcons } from '#server/web/icons.ts'
import type { ChromeView } from '#server/web/views/chrome-view.ts'
import type { PageViews } from '#server/web/views/page-views.ts'

const slotMark = '\u{F8FF}'
const knownHelpers = { t: true, phrase: true, field: true, if: true, unless: true, each: true, with: true }
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
  page<Name extends keyof AllPageViews>(name: Name, page: { view: AllPageViews[Name]; chrome: ChromeView; t: Translate }): string
  /** The static files and their addresses, to be served under /static/ for a year. */
  readonly assets: Assets
}

interface RendererOptions {
  /** The folder that holds layouts, partials, pages, admin, static and the icons. */
  viewsDir: string
  /** Every key a template names must be in there, or the start fails. */
  messages: Messages
  /** Reads templates and static files again for each page, so that a change shows on reload. */
  isDev: boolean
}

type Template = (context: unknown, options: { data: Record<string, unknown> }) => string

/** Loads all templates; a syntax error, an unknown partial, helper or message key, or a triple-stash on a name that is not HTML stops the start. */
export function createRenderer({ viewsDir, messages, isDev }: RendererOptions): Renderer {
  let state = load(viewsDir, messages)
  return {
    get assets() {
      return state.assets
    },
    page(name, { view, chrome, t }) {
      if (isDev) state = load(viewsDir, messages)
      const { templates, assets, icons } = state
      const words = assets.paths[wordFileName(t.language)] ?? assets.paths[wordFileName(messages.languages[0]!)]
      const data = { t, chrome, assets: assets.paths, words }
      const bodyHtml = templates.get(`${name}`)!({ view }, { data })
      return withIcons(templates.get('layouts/page')!({ bodyHtml, chrome, name }, { data }), icons)
    }
  }
}

function load(viewsDir: string, messages: Messages): { templates: Map<string, Template>; assets: Assets; icons: Map<string, string> } {
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
    if (name.startsWith('partials/')) handlebars.registerPartial(name.slice('partials/'.length), template as Handlebars.Template)
    else templates.set(name, template)
  }
  return { templates, assets: loadAssets(join(viewsDir, 'static'), wordFiles(messages)), icons: loadIcons(join(viewsDir, 'icons.svg')) }
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
  return (options.data.t as Translate)(key, options.hash as MessageValues)
}

/** A message with one piece of markup in it: `{{#phrase 'post.boostedBy'}}<a …>…</a>{{/phrase}}` puts the block where the message says {slot}. */
function phrase(this: unknown, key: string, options: Handlebars.HelperOptions): Handlebars.SafeString {
  const text = (options.data.t as Translate)(key, { ...options.hash, slot: slotMark })
  return new Handlebars.SafeString(Handlebars.escapeExpression(text).replace(slotMark, () => options.fn(this)))
}

/** The context of a field partial: defaults, then what the view brings, then what the template says. The id is the name, unless given. */
function field(view: object | undefined, options: Handlebars.HelperOptions): object {
  if (!view) throw new Error(`The view brings no field for "${options.hash.name}".`)
  const context = { ...fieldDefaults, ...view, ...options.hash }
  return { ...context, id: context.id ?? `field-${context.name}` }
}
