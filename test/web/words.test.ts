// database: none
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import Handlebars from 'handlebars'
import { toPseudoText } from '#server/platform/pseudo-locale.ts'
import { intlLists, outsideBrackets } from '#test/helpers/pseudo.ts'
import { renderSamples, viewsDir } from '#test/helpers/render-samples.ts'
import { unescapeHtml } from '#test/helpers/html.ts'

const spokenAttributes = ['aria-label', 'alt', 'title', 'placeholder', 'data-label', 'content']
/** These partials are attributes of a tag, not text. */
const attributePartials = ['partials/field-aria.hbs']
const templates = globSync(`${viewsDir}/{layouts,partials,pages,admin}/*.hbs`).map((path) => ({
  path: path.slice(viewsDir.length + 1),
  source: readFileSync(path, 'utf8')
}))

/** Words that stand in a template itself: text nodes, attributes that are read out, and words handed to a partial as a label. */
function literalTextOf(source: string): string[] {
  const bare = source
    .replace(/\{\{!(?:--[\s\S]*?--|[^}]*)\}\}/g, '')
    .replace(/\{\{\{?[\s\S]*?\}?\}\}/g, '\0')
    .replace(/<!doctype[^>]*>/gi, '')
  const inText = bare.replace(/<(?:[^>"']|"[^"]*"|'[^']*')*>/g, '\0').split('\0')
  const inAttributes = [...bare.matchAll(/\s([a-z-]+)="([^"]*)"/g)]
    .filter(([, name]) => spokenAttributes.includes(name!) && name !== 'content')
    .map(([, , value]) => value!.replaceAll('\0', ''))
  return [...inText, ...inAttributes, ...literalArgumentsOf(source)].map((text) => text.trim()).filter((text) => /\p{L}/u.test(text))
}

function literalArgumentsOf(source: string): string[] {
  const found: string[] = []
  class Arguments extends Handlebars.Visitor {
    override Hash(hash: hbs.AST.Hash): void {
      for (const { key, value } of hash.pairs) {
        if (['label', 'hint', 'prefix', 'suffix'].includes(key) && value.type === 'StringLiteral')
          found.push((value as hbs.AST.StringLiteral).value)
      }
      super.Hash(hash)
    }
  }
  new Arguments().accept(Handlebars.parse(source))
  return found
}

test('no template holds words of its own', () => {
  const found = templates.flatMap(({ path, source }) =>
    literalTextOf(attributePartials.includes(path) ? `<a${source}>` : source).map((text) => `${path}: ${text}`)
  )
  assert.deepEqual(found, [])
})

test('the search for words in templates finds planted ones', () => {
  assert.deepEqual(literalTextOf('<p class="a">{{t \'a\'}} and <b>{{x}}</b></p>'), ['and'])
  assert.deepEqual(literalTextOf('<img alt="A boat" src="boat.png"><button aria-label="Close {{x}}">×</button>'), ['A boat', 'Close'])
  assert.deepEqual(literalTextOf('{{> field (field x name="n" label="Name" type="text")}}'), ['Name'])
})

test('every message of the catalogue is used', () => {
  const catalogue = JSON.parse(readFileSync(`${viewsDir}/messages/en.json`, 'utf8')) as Record<string, string>
  const sources = [
    ...templates.map(({ source }) => source),
    ...globSync(`${viewsDir}/mail/*.hbs`).map((path) => readFileSync(path, 'utf8')),
    ...globSync([`${viewsDir}/../server/**/*.ts`, `${viewsDir}/static/*.js`]).map((path) => readFileSync(path, 'utf8'))
  ].join('\n')
  // `errors.heading${status}` stands for every key of that shape.
  const shapes = [...sources.matchAll(/`([a-z][A-Za-z]*\.[^`]*\$\{[^`]*)`/g)].map(
    ([, shape]) =>
      new RegExp(
        `^${shape!
          .replace(/\$\{[^}]*\}/g, '\0')
          .replace(/[.*+?^$()[\]{}|\\]/g, '\\$&')
          .replaceAll('\0', '.+')}$`
      )
  )
  const isUsed = (key: string) => sources.includes(`'${key}'`) || sources.includes(`"${key}"`) || shapes.some((shape) => shape.test(key))
  const unused = Object.keys(catalogue).filter((key) => !isUsed(key))
  assert.deepEqual(unused, [])
})

test('every key that code or a template names is in the catalogue', () => {
  const catalogue = JSON.parse(readFileSync(`${viewsDir}/messages/en.json`, 'utf8')) as Record<string, string>
  const files = globSync([`${viewsDir}/**/*.hbs`, `${viewsDir}/../server/**/*.ts`, `${viewsDir}/static/*.js`])
  const missing = files.flatMap((path) => {
    const source = readFileSync(path, 'utf8')
    const named = [
      ...source.matchAll(/\bt\(\s*'([a-z][\w.-]+)'/g),
      ...source.matchAll(/[{(]#?(?:t|phrase) '([\w.-]+)'/g),
      ...source.matchAll(/new Refusal\(\s*'[a-z-]+',\s*'([\w.-]+)'/g)
    ]
    return named
      .map(([, key]) => key!)
      .filter((key) => !(key in catalogue))
      .map((key) => `${path.split('/').slice(-2).join('/')}: ${key}`)
  })
  assert.deepEqual(missing, [])
})

test('every visible or spoken word of every page comes from the catalogue or from the data', () => {
  const found: string[] = []
  for (const { file, html } of renderSamples('en-XA', toPseudoText).pages) {
    const body = html.replace(/<script[\s\S]*?<\/script>/g, '').replace(intlLists, '')
    const attributes = [...body.matchAll(/\s([a-z-]+)="([^"]*)"/g)]
      .filter(([, name]) => spokenAttributes.slice(0, -1).includes(name!))
      .map(([, , value]) => value!)
    const text = body.replace(/<[^>]*>/g, ' ')
    for (const words of [text, ...attributes]) {
      const outside = outsideBrackets(unescapeHtml(words))
      if (/\p{L}{2}/u.test(outside)) found.push(`${file}: ${outside.trim().replace(/\s+/g, ' ').slice(0, 80)}`)
    }
  }
  assert.deepEqual(found, [])
})
