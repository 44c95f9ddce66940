// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readText } from '#server/posts/written-text.ts'

const origin = 'https://skerry.test'
const people = new Map([
  ['ana', { name: 'ana', url: `${origin}/@ana` }],
  ['bob@far.test', { name: 'Bob', url: 'https://far.test/@Bob' }]
])
const read = (text: string) => readText({ text, isMarkdown: true })
const render = (text: string) => read(text).render(people, origin)
const ana =
  '<span class="h-card"><a href="https://skerry.test/@ana" rel="nofollow noopener ugc" class="u-url mention">@<span>ana</span></a></span>'

test('emphasis, lists, quotes and code are shown as what they are', () => {
  assert.equal(render('**bold** and *slanted* ~~gone~~'), '<p><strong>bold</strong> and <em>slanted</em> <s>gone</s></p>')
  assert.equal(render('- one\n- two\n\n1. first'), '<ul><li>one</li><li>two</li></ul><ol><li>first</li></ol>')
  assert.equal(render('> said\n\n`a*b*c`'), '<blockquote><p>said</p></blockquote><p><code>a*b*c</code></p>')
  assert.equal(render('```js\nlet a\n\nlet b\n```'), '<pre><code>let a\n\nlet b\n</code></pre>')
  assert.equal(render('one\ntwo'), '<p>one<br />two</p>')
})

test('a heading is a strong paragraph, since the page has its own outline', () => {
  assert.equal(render('# Title\ntext'), '<p><strong>Title</strong></p><p>text</p>')
})

test('HTML stays text, and nothing is loaded', () => {
  assert.equal(render('<b onclick="x">hi</b>'), '<p>&lt;b onclick="x"&gt;hi&lt;/b&gt;</p>')
  const picture = render('![alt](https://far.test/p.png)')
  assert.doesNotMatch(picture, /<img/)
  assert.match(picture, /<a href="https:\/\/far\.test\/p\.png"/)
  assert.doesNotMatch(render('| a | b |\n|---|---|\n| 1 | 2 |'), /<table|<td/)
})

test('a link whose words do not show where it leads says so, and other schemes are none', () => {
  assert.equal(
    render('[click](https://far.test/x)'),
    '<p><a href="https://far.test/x" rel="nofollow noopener ugc">click (far.test)</a></p>'
  )
  assert.match(render('[bank.test](https://evil.test/)'), /\(evil\.test\)/)
  for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'JaVaScRiPt:x', '&#106;avascript:x'])
    assert.doesNotMatch(render(`[x](${bad}) <${bad}>`), /<a /, bad)
})

test('mentions, hashtags and bare links are those of plain text', () => {
  assert.equal(render('**@ana** hello'), `<p><strong>${ana}</strong> hello</p>`)
  assert.match(render('#Boats_and_oars'), /<a href="https:\/\/skerry\.test\/tags\/boats_and_oars"[^>]*>#<span>Boats_and_oars<\/span><\/a>/)
  assert.match(render('see https://far.test/_a_b_/c_d'), /<a href="https:\/\/far\.test\/_a_b_\/c_d"/)
  assert.match(render('**https://far.test/a**'), /^<p><strong><a href="https:\/\/far\.test\/a"[^>]*>.*<\/a><\/strong><\/p>$/)
  assert.match(render('@Bob@far.test'), /href="https:\/\/far\.test\/@Bob"/)
  assert.equal(render('\\@ana'), '<p>@ana</p>')
})

test('what is not shown as a mention or hashtag is none', () => {
  const named = (text: string) => {
    const { mentions, tags } = read(text)
    return [...mentions.map(({ handle }) => handle), ...tags.map((tag) => `#${tag}`)]
  }
  assert.deepEqual(named('hi @ana and @Bob@far.test about #Boats #boats'), ['ana', 'bob@far.test', '#boats'])
  assert.deepEqual(named('`@ana` and\n\n```\n@ana #boats\n```\n\n    #indented'), [])
  assert.deepEqual(named('[@ana #boats](https://far.test/)'), [])
  assert.deepEqual(named('\\@ana \\#boats'), [])
  assert.deepEqual(named('# Heading with @ana\n- *#boats*'), ['ana', '#boats'])
})

test('deep and long nonsense ends soon', () => {
  for (const text of [
    '>'.repeat(5_000),
    '['.repeat(5_000),
    '*a_'.repeat(1_600),
    '@a'.repeat(2_500),
    '`'.repeat(5_000),
    '- '.repeat(2_500)
  ]) {
    const started = performance.now()
    render(text)
    assert.ok(performance.now() - started < 1_000, text.slice(0, 10))
  }
})
