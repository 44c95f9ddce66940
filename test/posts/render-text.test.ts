// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findMentions, findTags, tagKey } from '#server/posts/find-mentions.ts'
import { renderText } from '#server/posts/render-text.ts'

const origin = 'https://skerry.test'
const people = new Map([
  ['ana', { name: 'ana', url: `${origin}/@ana` }],
  ['bob@far.test', { name: 'Bob', url: 'https://far.test/@Bob' }]
])
const render = (text: string) => renderText(text, people, origin)

test('blank lines part paragraphs and single ones break lines', () => {
  assert.equal(render('one\ntwo  \n\n\n\nthree\n'), '<p>one<br>two</p><p>three</p>')
  assert.equal(render('  \n '), '')
})

test('nothing typed becomes markup', () => {
  assert.equal(render(`<b onclick="x">'&amp;`), '<p>&lt;b onclick=&quot;x&quot;&gt;&#39;&amp;amp;</p>')
})

test('links show their host and hide the scheme and a long end', () => {
  assert.equal(
    render('(https://far.test/a?x=1&y=2).'),
    '<p>(<a href="https://far.test/a?x=1&amp;y=2" rel="nofollow noopener ugc"><span class="invisible">https://</span><span>far.test/a?x=1&amp;y=2</span></a>).</p>'
  )
  const host = `${'sub'.repeat(12)}.far.test`
  const long = render(`https://${host}/${'p'.repeat(60)}`)
  assert.match(long, new RegExp(`<span class="ellipsis">${host.replaceAll('.', '\\.')}/p{23}</span><span class="invisible">p{37}</span>`))
})

test('only http and https are links', () => {
  for (const text of ['javascript:alert(1)', 'ftp://far.test/x', 'mailto:a@far.test', '//far.test/x', 'data:text/html,x', 'far.test']) {
    assert.doesNotMatch(render(text), /<a /, text)
  }
})

test('mentions that were resolved are links, and the others stay text', () => {
  assert.equal(
    render('@ana, @Bob@FAR.test. @carl @dora@far.test'),
    '<p><span class="h-card"><a class="u-url mention" href="https://skerry.test/@ana">@<span>ana</span></a></span>, ' +
      '<span class="h-card"><a class="u-url mention" href="https://far.test/@Bob">@<span>Bob</span></a></span>. @carl @dora@far.test</p>'
  )
})

test('mentions are found with and without host, each once, outside words, addresses and links', () => {
  const found = (text: string) => findMentions(text).map((mention) => mention.handle)
  assert.deepEqual(found('@Ana.Hello @ana (@bob@B.Example.) @c.d@b.example:8443/x @red@red.localhost:3001'), [
    'ana',
    'bob@b.example',
    'c.d@b.example:8443',
    'red@red.localhost:3001'
  ])
  assert.deepEqual(found('me@far.test https://far.test/@ana x@ana @@ana @ana@ @über'), [])
})

test('hashtags have letters of any script, and lead to their page here', () => {
  assert.deepEqual(findTags('#Été #ＦＯＯ #foo #été #2026 #a1 #日本語 #हिन्दी a#b https://far.test/#c &#39; #'), [
    'été',
    'foo',
    'a1',
    '日本語',
    'हिन्दी'
  ])
  assert.equal(render('#Été!'), `<p><a class="mention hashtag" rel="tag" href="${origin}/tags/%C3%A9t%C3%A9">#<span>Été</span></a>!</p>`)
  assert.equal(tagKey('#Foo'), 'foo')
  assert.equal(tagKey('no tag'), '')
  assert.equal(tagKey('"><script>'), '')
})

test('text made to be dear costs little', () => {
  const startedAt = performance.now()
  for (const text of [
    '@a'.repeat(2_500),
    '@'.repeat(5_000),
    '#a'.repeat(2_500),
    `http://a.b/${'('.repeat(4_900)}`,
    `@a@${'b.'.repeat(2_400)}`,
    'http://'.repeat(700),
    `x${' '.repeat(4_900)}x`
  ])
    render(text)
  assert.ok(performance.now() - startedAt < 1_000)
})
