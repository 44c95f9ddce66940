// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findMeLinks } from '#server/profiles/find-me-links.ts'

test('links of a page with rel="me" are found, absolute and without fragment, whatever stands around them', async () => {
  const html = `<!doctype html><head><link href="https://a.test/@ana/" rel="me"></head>
    <p><a rel="nofollow ME noopener" href='/about#x'>me</a> <a href="https://no.test/">not</a>
    <a rel="meadow" href="https://meadow.test">no</a> <a rel=me>no address</a> <a rel="me" href="http://[bad">bad</a>
    <!-- <a rel="me" href="https://hidden.test/">x</a> --><script>'<a rel="me" href="https://script.test/">'</script>`
  assert.deepEqual([...(await findMeLinks(html, 'https://page.test/home'))], ['https://a.test/@ana', 'https://page.test/about'])
})

test('a page of nothing but links is looked at up to a bound', async () => {
  const many = '<a href="https://x.test/">x</a>'.repeat(1_000)
  assert.equal((await findMeLinks(`${many}<a rel="me" href="https://a.test/@ana">me</a>`, 'https://page.test/')).size, 0)
})
