import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sanitizeAny, sanitizePlain } from '#server/posts/sanitize-html.ts'

/** Pieces of which HTML in the wild is made, sound ones and traps. */
const pieces = [
  ...['<p>', '</p>', '<br>', '<br/>', '<br />', '</br>', '<div>', '</div>', '<ul>', '</ul>', '<ol>', '<li>', '</li>', '<blockquote>'],
  ...[
    '</blockquote>',
    '<pre>',
    '<code>',
    '</code>',
    '</pre>',
    '<strong>',
    '</strong>',
    '<em>',
    '</em>',
    '<span>',
    '</span>',
    '</a>',
    '<a>'
  ],
  ...['<a href="https://a.test/x?y=1&amp;z=2" class="mention u-url evil" rel="tag">', '<a href="https://user:pw@a.test/">'],
  ...[
    '<a href="javascript:alert(1)">',
    '<a href="/x">',
    '<a href="https://ü.test/ä">',
    '<a href="https://a.test/" href="https://b.test/">'
  ],
  ...[
    '<a class="mention" href="http://a.test">',
    "<a href='https://a.test/'>",
    '<a href=https://a.test/>',
    '<a href="https://a.test/&quot;">'
  ],
  ...[
    '<span class="invisible">',
    '<span class="x">',
    '<span class="ellipsis  h-card">',
    '<p dir="auto" style="color:red">',
    '<p class="">'
  ],
  ...['<script>', '</script>', '<img src="x">', '<h1>', '</h1>', '<P>', '<p >', '<!-- x -->', '<![CDATA[x]]>', '<svg>', '<noscript>'],
  ...[
    '&amp;',
    '&lt;',
    '&gt;',
    '&quot;',
    '&#39;',
    '&nbsp;',
    '&amp',
    '&copy;',
    '&',
    '<',
    '>',
    '"',
    "'",
    '\n',
    ' ',
    'text',
    'é',
    '😀',
    '&#x3c;'
  ],
  ...['<hr>', '<b><i>', '</i></b>', '<a href="https://a.test/">a.test</a>', '<p>x</p>', '<li><p>', '</li></ul>', '<ul><li>', '<span/>']
]

/** Elements closed in order, so that deep and long ones are reached too. */
const { node } = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom('text', 'a &amp; b', '<br>', '<br />', '&lt;x&gt;', '&quot;', '&nbsp;', ' ', '"\''),
    fc
      .tuple(
        fc.constantFrom(
          'p',
          'div',
          'span',
          'a href="https://a.test/b?c=d&amp;e"',
          'a href="https://a.test" rel="me tag" class="hashtag"',
          'strong'
        ),
        fc.array(tie('node'), { maxLength: 4 })
      )
      .map(([tag, inner]) => `<${tag}>${inner.join('')}</${tag.split(' ')[0]}>`),
    fc
      .tuple(
        fc.constantFrom('ul', 'ol', 'blockquote', 'pre', 'li', 'code', 'span class="invisible x"'),
        fc.array(tie('node'), { maxLength: 4 })
      )
      .map(([tag, inner]) => `<${tag}>${inner.join('')}</${tag.split(' ')[0]}>`)
  )
}))

const html = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join('')),
  fc.array(node, { maxLength: 4 }).map((parts) => parts.join('')),
  fc.array(fc.oneof(node, fc.constantFrom(...pieces)), { maxLength: 6 }).map((parts) => parts.join(''))
)

test('the quick way through the sanitiser says what the library says, or nothing', () => {
  let taken = 0
  fc.assert(
    fc.property(html, (input) => {
      const quick = sanitizePlain(input)
      if (quick === undefined) return
      taken += 1
      assert.equal(quick, sanitizeAny(input))
    }),
    { numRuns: 6_000 }
  )
  assert.ok(taken > 500, `only ${taken} were simple enough to say anything`)
})

test('posts as servers write them go the quick way', () => {
  for (const usual of [
    '<p><span class="h-card" translate="no"><a href="https://a.test/@ana" class="u-url mention">@<span>ana</span></a></span> hello</p>',
    '<p>One<br />two &amp; three</p><p><a href="https://a.test/tags/tide" class="mention hashtag" rel="tag">#<span>tide</span></a></p>',
    '<p><a href="https://www.a.test/long" target="_blank" rel="nofollow noopener noreferrer"><span class="invisible">https://www.</span><span class="ellipsis">a.test/lo</span><span class="invisible">ng</span></a></p>',
    '<blockquote><p>said</p></blockquote><ul><li>one</li><li><strong>two</strong></li></ul>',
    'only text'
  ])
    assert.equal(sanitizePlain(usual), sanitizeAny(usual))
})

test('what two parsers could read in two ways is left to the library', () => {
  for (const odd of [
    '<p>open',
    '<p><p>x</p></p>',
    '<a href="https://a.test/"><a href="https://b.test/">x</a></a>',
    '<span/>x</span>',
    '<p onclick="x>y">z</p>',
    '<script>x</script>',
    '<!-- x -->',
    '<p>a > b</p>',
    '</br>',
    '<li>x</li>',
    '&amp'
  ])
    assert.equal(sanitizePlain(odd), undefined, odd)
})
