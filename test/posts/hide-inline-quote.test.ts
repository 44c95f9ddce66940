// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hideInlineQuote } from '#server/posts/hide-inline-quote.ts'
import { sanitizeHtml } from '#server/posts/sanitize-html.ts'

const url = 'https://b.test/@ben/1?a=1&b=2'
const address = 'https://b.test/@ben/1?a=1&amp;b=2'
const link = `<a href="${address}">${address}</a>`

const hidden: [string, string, string][] = [
  ['a paragraph of its own, last', `<p>Look.</p><p class="quote-inline">RE: ${link}</p>`, '<p>Look.</p>'],
  ['a paragraph of its own, first', `<p class="quote-inline">RE: ${link}</p><p>Look.</p>`, '<p>Look.</p>'],
  ['a span that says what it is', `<p>Look.<span class="quote-inline"><br><br>RE: ${link}</span></p>`, '<p>Look.</p>'],
  [
    'a span with shortened links',
    `<p>Look.<span class="quote-inline"><br>RE: <a href="${address}"><span class="invisible">https://</span><span class="ellipsis">b.test/@ben</span></a></span></p>`,
    '<p>Look.</p>'
  ],
  ['the end of a paragraph', `<p>Look.<br><br>RE: ${link}</p>`, '<p>Look.</p>'],
  ['Misskey spans', `<p><span>Look.<br><br>RE: </span>${link}</p>`, '<p><span>Look.</span></p>']
]

for (const [name, html, expected] of hidden) {
  test(`the line that repeats what is quoted is hidden: ${name}`, () => {
    assert.equal(hideInlineQuote(sanitizeHtml(html), [url]), expected)
  })
}

const kept = [
  `<p>Look.</p><p>RE: <a href="https://c.test/2">https://c.test/2</a></p>`,
  `<p>Look at ${link}</p>`,
  `<p>RE: ${link} and more</p>`,
  `<p>${link}</p>`
]

for (const html of kept) {
  test(`what says more, or leads elsewhere, stays: ${html.slice(0, 40)}`, () => {
    const clean = sanitizeHtml(html)
    assert.equal(hideInlineQuote(clean, [url]), clean)
  })
}

for (const [name, filler] of Object.entries({
  lines: '<br>',
  spaces: ' ',
  words: 'RE: ',
  spans: '<span class="quote-inline">RE: </span>'
})) {
  test(`a text of nothing but ${name} costs time in proportion to its length`, () => {
    const html = sanitizeHtml(`<p>${filler.repeat(9_000)}RE: <a href="${address}">x</a></p>`)
    const startedAt = performance.now()
    hideInlineQuote(html, [url])
    hideInlineQuote(html, ['https://c.test/'])
    assert.ok(performance.now() - startedAt < 200)
  })
}
