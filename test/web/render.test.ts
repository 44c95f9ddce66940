// database: none
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createRenderer } from '#server/web/render.ts'
import { renderSamples, sampleMessages, viewsDir } from '#test/helpers/render-samples.ts'
import { createSamples } from '#server/web/style/samples.ts'
import { openScratch } from '#test/helpers/scratch.ts'

const t = sampleMessages.translator('en', { timeZone: 'UTC' })
const samples = createSamples({ t, text: (words) => words })
const tabStopsPerPostMax = 6

/** Renders the page "message" with another template in its place; the view is whatever the test hands over. */
function renderPage(test: TestContext, template: string, view: object): string {
  const dir = mkdtempSync(join(openScratch(), 'skerry-views-'))
  test.after(() => rmSync(dir, { recursive: true }))
  cpSync(viewsDir, dir, { recursive: true })
  writeFileSync(join(dir, 'pages/message.hbs'), template)
  const renderer = createRenderer({ viewsDir: dir, messages: sampleMessages, isDev: false, secret: 'secret-of-tests' })
  return renderer.page('message', { view: view as never, chrome: samples.chrome('/', 'Test'), t })
}

test('a name the view does not have is an error wherever it stands', (test) => {
  const places = [
    '{{view.nam}}',
    '{{#if view.nam}}x{{/if}}',
    '{{#unless view.nam}}x{{/unless}}',
    '{{#each view.nam}}x{{/each}}',
    "{{t 'post.editedAt' time=view.nam}}",
    '{{> icon name=view.nam}}',
    '{{> avatar}}'
  ]
  for (const template of places) assert.throws(() => renderPage(test, template, { name: 'Ana' }), /not defined/, template)
})

test('a name that is there but undefined is simply not shown', (test) => {
  assert.match(renderPage(test, '<p>{{#if view.name}}yes{{else}}no{{/if}}</p>', { name: undefined }), /<p>no<\/p>/)
})

test('what a view brings is escaped in text, in attributes and in messages', (test) => {
  const nasty = '"><img src=x onerror=alert(1)> {{7}}'
  const html = renderPage(
    test,
    `<p title="{{view.name}}">{{view.name}} {{t 'post.editedAt' time=view.name}} {{#phrase 'post.boostedBy'}}<b>{{view.name}}</b>{{/phrase}}</p>`,
    { name: nasty }
  )
  assert.ok(!html.includes('<img src=x'))
  assert.equal(html.match(/&lt;img src&#x3D;x/g)?.length, 4)
  assert.match(html, /<b>&quot;/)
})

test('properties that come from a prototype are out of reach', (test) => {
  assert.throws(() => renderPage(test, '{{view.name.constructor}}', { name: 'Ana' }))
  const html = renderPage(test, '<p>{{view.constructor}}{{view.toString}}</p>', { name: 'Ana' })
  assert.match(html, /<p><\/p>/)
})

test('a template against the house rules stops the start and says where', (test) => {
  const cases: [string, RegExp][] = [
    ['\n{{{view.name}}}', /pages?\/?message|message\.hbs:2: .*must end in Html/],
    ['{{> nowhere}}', /there is no partial "nowhere"/],
    ['{{shout view.name}}', /there is no helper "shout"/],
    ['{{#lookup view "name"}}{{/lookup}}', /there is no helper "lookup"/],
    ["{{t 'no.such'}}", /there is no message "no\.such"/],
    ['{{> icon name=undefined}}', /Handlebars drops/],
    ['{{#if view.name}}', /Parse error/]
  ]
  for (const [template, error] of cases) assert.throws(() => renderPage(test, template, { name: 'Ana' }), error, template)
})

test('static files have addresses that change with their content, and the style sheet is one file', () => {
  const { assets } = renderSamples('en').renderer
  const path = assets.paths['skerry.css']!
  assert.match(path, /^\/static\/[\w-]{12}\/skerry\.css$/)
  const asset = assets.find(path)!
  assert.equal(asset.contentType, 'text/css; charset=utf-8')
  assert.ok(asset.body.includes('color-scheme') && asset.body.includes('.post-actions') && asset.body.includes('.table'))
  assert.ok(asset.brotliBody!.length < asset.body.length / 3)
  assert.equal(assets.find('/static/other/skerry.css'), undefined)
})

test('no page carries an inline style, an inline script or an event attribute', () => {
  for (const { file, html } of renderSamples('en').pages) {
    assert.doesNotMatch(html, /<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:/i, file)
  }
})

test('style sheets speak of inline and block, never of left and right', () => {
  const { assets } = renderSamples('en').renderer
  const css = assets.find(assets.paths['skerry.css']!)!.body.toString()
  assert.doesNotMatch(css, /(?:margin|padding|border|inset)-(?:left|right)|(?:^|[\s;{])(?:left|right)\s*:|:\s*(?:left|right)\s*[;}]/m)
})

test('a post in a list costs at most six stops of the Tab key', () => {
  const { pages } = renderSamples('en')
  const lists = pages.filter(({ file }) => ['home', 'polls', 'quotes', 'filtered-posts'].includes(file))
  const posts = lists.flatMap(({ html }) => html.match(/<article class="post"[\s\S]*?<\/article>/g) ?? [])
  assert.ok(lists.length === 4 && posts.length > 12)
  for (const each of posts) {
    // Of several to choose one from, the first or the chosen one is a stop, and the arrows go on from there.
    const post = each.replaceAll(/(?:<div class="choice"><input type="radio".*?<\/div>\s*)+/g, '<input type="radio">')
    // What a closed disclosure holds is no stop.
    const visible = post.replaceAll(/(<summary[\s\S]*?<\/summary>)[\s\S]*?<\/details>/g, '$1')
    const stops = (visible.match(/<(?:a|button|summary|input(?! type="hidden"))\b(?![^>]*tabindex="-1")/g) ?? []).length
    assert.ok(stops <= tabStopsPerPostMax, `${stops} stops: ${visible}`)
  }
})

test('a post names its parts for those who cannot see them', () => {
  const { pages } = renderSamples('en')
  const home = pages.find(({ file }) => file === 'home')!.html
  assert.match(home, /<article class="post" id="(post-\d+)" tabindex="-1" aria-labelledby="\1-by">/)
  assert.match(home, /aria-label="Boost, post by Bo Okafor[^"]*"/)
  assert.match(home, /aria-pressed="true" aria-label="Favourite, post by Tide tables for the outer skerries, 210 favourites"/)
  assert.match(home, /<figcaption aria-hidden="true" dir="auto">Grey rocks in a calm sea/)
  assert.match(home, /<summary><span class="warning-label">Content warning<\/span> <bdi class="warning-text">Local politics/)
})
