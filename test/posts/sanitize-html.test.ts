// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { sanitizeHtml } from '#server/posts/sanitize-html.ts'

const link = (href: string, inner: string, more = '') => `<a href="${href}" rel="nofollow noopener ugc"${more}>${inner}</a>`

test('what runs, loads, frames or asks is gone', () => {
  const payloads = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><a href="javascript:alert(1)">x</a></svg>',
    '<iframe src="https://evil.test"></iframe>',
    '<object data="https://evil.test"></object><embed src="https://evil.test">',
    '<form action="https://evil.test"><input name=q><button>b</button></form>',
    '<style>*{display:none}</style><link rel=stylesheet href=//evil.test>',
    '<base href="https://evil.test/"><meta http-equiv=refresh content="0;url=//evil.test">',
    '<a href="javascript:alert(1)">x</a><a href=" JaVa\tScript:alert(1)">x</a><a href="data:text/html,x">x</a><a href="vbscript:x">x</a>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<p onclick="alert(1)" onmouseover=alert(1)>x</p>',
    '<video poster=x><source src=x onerror=alert(1)></video><audio src=x>',
    '<template><img src=x></template><xmp><img src=x></xmp><plaintext><img src=x>'
  ]
  for (const payload of payloads) {
    const clean = sanitizeHtml(`<p>before</p>${payload}`)
    assert.doesNotMatch(clean, /<(?!\/?(p|a|span|br)\b)|javascript:|vbscript:|data:|\son\w+=|src=/i, `${payload} became ${clean}`)
    assert.match(clean, /^<p>before<\/p>/)
  }
})

test('style, id, title and classes of the page are dropped; the few agreed classes stay', () => {
  assert.equal(
    sanitizeHtml(
      '<p class="admin-button" style="position:fixed" id="csrf"><font color=red>f</font><span class="h-card button">x</span></p>'
    ),
    '<p>f<span class="h-card">x</span></p>'
  )
})

test('pictures leave their alternative text', () => {
  assert.equal(sanitizeHtml('<p>Hi <img src="https://evil.test/pixel" alt=":cat: <b>"></p>'), '<p>Hi <span>:cat: &lt;b&gt;</span></p>')
})

test('a link that shows its host stays as it is', () => {
  for (const [href, inner] of [
    ['https://far.test/long/page.html', 'https://far.test/long/page.html'],
    [
      'https://far.test/long/page',
      '<span class="invisible">https://</span><span class="ellipsis">far.test/lo</span><span class="invisible">ng/page</span>'
    ],
    ['https://www.far.test/', 'far.test'],
    ['https://far.test:8443/x', 'far.test:8443/x'],
    ['https://far.test/@ana', '@<span>ana</span>'],
    ['https://far.test/@ana', '@ana@far.test'],
    ['https://far.test/tags/x', '#x']
  ] as const) {
    assert.equal(sanitizeHtml(link(href, inner)), link(href, inner))
  }
})

test('a link whose visible text shows another host, or none, is followed by where it leads', () => {
  for (const inner of [
    '<span class="invisible">https://evil.test/</span>bank.example',
    'https://bank.example/',
    'bank.example/ evil.test',
    'click here',
    '<b>bank</b>.example',
    'bank․example',
    'bаnk.example',
    '<span class="invisible">evil.test</span>',
    '@ana@bank.example',
    'bank.example/evil.test'
  ]) {
    assert.equal(sanitizeHtml(link('https://evil.test/', inner)), link('https://evil.test/', `${inner} (evil.test)`))
  }
})

test('a user name in front of the host, relative links and links in links lead nobody astray', () => {
  assert.equal(
    sanitizeHtml('<a href="https://bank.example@evil.test/">https://bank.example</a>'),
    link('https://evil.test/', 'https://bank.example (evil.test)')
  )
  assert.equal(sanitizeHtml('<a href="/sign-out">x</a><a href="//evil.test/">y</a>'), '<span>x</span><span>y</span>')
  assert.equal(
    sanitizeHtml('<a href="https://a.test/"><b><a href="https://b.test/">a.test</a></b></a>'),
    link('https://a.test/', '<b>a.test</b>')
  )
})

test('nothing outside a link is invisible, and nothing turns the direction of what follows', () => {
  assert.equal(sanitizeHtml('<p><span class="invisible">spam</span> a\u202eb</p>'), '<p><span>spam</span> ab</p>')
})

test('headings do not enter the outline of the page', () => {
  assert.equal(sanitizeHtml('<h1>Title</h1><p>x</p>'), '<p><strong>Title</strong></p><p>x</p>')
})

test('huge and deep input is bounded in time and size', () => {
  const inputs = [
    '<b>'.repeat(300_000),
    '<'.repeat(1_000_000),
    link('https://a.test/', 'a.'.repeat(400_000)),
    `<p ${'a=1 '.repeat(200_000)}>`,
    '<div>x'.repeat(100_000),
    '</b>'.repeat(200_000)
  ]
  for (const input of inputs) {
    const startedAt = performance.now()
    const clean = sanitizeHtml(input)
    assert.ok(clean.length < 1_000_000)
    assert.ok(performance.now() - startedAt < 1_000, input.slice(0, 40))
  }
  const deepest = sanitizeHtml(`${'<div>'.repeat(500)}x`)
  assert.ok((deepest.match(/<div>/g)?.length ?? 0) <= 24)
})

test('text for previews keeps lines, decodes entities and is cut with an ellipsis', () => {
  assert.equal(htmlToText('<p>a &amp; b<br>c &lt;x&gt;</p><p>d</p><ul><li>e</li><li>f</li></ul>'), 'a & b\nc <x>\n\nd\n\ne\nf')
  assert.equal(htmlToText(`<p>${'\u{1f600}'.repeat(50)}</p>`, 10), `${'\u{1f600}'.repeat(10)}…`)
})

test('no part of a link is one that browsers do not show, or draw too small to be seen', () => {
  const href = 'https://evil.test/'
  const tiny = (text: string) => `${'<sup>'.repeat(12)}${text}${'</sup>'.repeat(12)}`
  for (const [inner, shown] of [
    ['<ruby><rp>https://evil.test/?</rp>bank.example</ruby>', '<ruby>bank.example</ruby> (evil.test)'],
    [`${tiny('https://evil.test/?')}bank.example`, 'https://evil.test/?bank.example'],
    ['<small><small>evil.test/</small></small>bank.example', 'evil.test/bank.example']
  ] as const) {
    assert.equal(sanitizeHtml(link(href, inner)), link(href, shown))
  }
  assert.equal(sanitizeHtml(`<p>x<sup>2</sup> ${tiny('y')}</p>`), '<p>x<sup>2</sup> <sup>y</sup></p>')
  assert.equal(sanitizeHtml('<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></p>'), '<p><ruby>漢<rt>kan</rt></ruby></p>')
})

test('a host on which everybody can have a page does not name the page of one of them', () => {
  for (const name of ['github.io', 'https://github.io/sign-in', '@ana@github.io']) {
    const href = 'https://evil.github.io/'
    assert.equal(sanitizeHtml(link(href, name)), link(href, `${name} (evil.github.io)`))
  }
  assert.equal(sanitizeHtml(link('https://evil.github.io/', 'evil.github.io')), link('https://evil.github.io/', 'evil.github.io'))
})

test('a host in letters that look like others is followed by how it is written in ASCII', () => {
  for (const shown of ['раypal.test', 'https://аррӏе.test/sign-in', 'ɡithub.test']) {
    const url = new URL(shown.startsWith('https:') ? shown : `https://${shown}/`)
    assert.equal(sanitizeHtml(link(url.href, shown)), link(url.href, `${shown} (${url.host})`))
  }
  for (const shown of ['bücher.test', '例え.test', 'пример.рф', 'paypal.test']) {
    const url = new URL(`https://${shown}/`)
    assert.equal(sanitizeHtml(link(url.href, shown)), link(url.href, shown))
  }
})
