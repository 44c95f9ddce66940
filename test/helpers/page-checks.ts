import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { HtmlValidate } from 'html-validate'
import type { Page } from 'playwright-core'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResult {
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[]
}

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // Handlebars leaves what its blocks stood on; long titles are people's words.
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    // Buttons without a type submit, as meant.
    'no-implicit-button-type': 'off',
    // A phone number is never made of an ordinary number.
    'tel-non-breaking': 'off',
    // Our own files, from our own origin.
    'require-sri': 'off',
    // `media` stands once for each image, as HTML forms repeat what there are many of.
    'form-dup-name': 'off'
  }
})

/** What is wrong with a page's HTML, a line each. */
export async function faultsOfHtml(html: string, name: string): Promise<string[]> {
  const report = await validator.validateString(html, name)
  return report.results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${name}:${line} ${ruleId}: ${message}`))
}

/** What axe finds on the page as it stands, a line each. `onlyColours` looks at contrast alone; `without` names rules that the page has a reason to break. */
export async function faultsOfAccess(
  page: Page,
  name: string,
  { onlyColours = false, without = [] as readonly string[] } = {}
): Promise<string[]> {
  // It stays until the page is left, and takes longer to load than to look at colours.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axeSource)
  const runOnly = onlyColours ? ", runOnly: ['color-contrast']" : ''
  const rules = `, rules: ${JSON.stringify(Object.fromEntries(without.map((rule) => [rule, { enabled: false }])))}`
  const result = (await page.evaluate(`axe.run(document, { resultTypes: ['violations']${onlyColours ? runOnly : rules} })`)) as AxeResult
  return result.violations.map(
    ({ id, nodes }) => `${name} ${id}: ${nodes[0]?.html.slice(0, 120)} ${nodes[0]?.failureSummary.slice(0, 200)}`
  )
}
