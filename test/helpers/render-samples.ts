import type { Renderer } from '#server/web/render.ts'
import { sampleAdminPages } from '#test/helpers/sample-admin-pages.ts'
import { sampleFilterPages } from '#test/helpers/sample-filter-pages.ts'
import { sampleFormPages } from '#test/helpers/sample-form-pages.ts'
import { sampleReadingPages } from '#test/helpers/sample-pages.ts'
import { samplePollPages } from '#test/helpers/sample-polls.ts'
import { sampleDraftPages } from '#test/helpers/sample-draft-pages.ts'
import { sampleListPages } from '#test/helpers/sample-list-pages.ts'
import { sampleExplorePages } from '#test/helpers/sample-explore-pages.ts'
import { sampleQuotePages } from '#test/helpers/sample-quote-pages.ts'
import { sampleScriptPages } from '#test/helpers/sample-script-pages.ts'
import { sampleSecurityPages } from '#test/helpers/sample-security-pages.ts'
import { createSamples } from '#test/helpers/samples.ts'
import { viewsOfTests } from '#test/helpers/views.ts'

export { viewsDir } from '#test/helpers/views.ts'

export const sampleMessages = viewsOfTests().messages

export interface RenderedSample {
  file: string
  html: string
}

/** Every page with sample data, in one language; `text` dresses the words that stand for what people wrote. */
export function renderSamples(
  language: string,
  text: (words: string) => string = (words) => words
): { pages: RenderedSample[]; renderer: Renderer } {
  const t = sampleMessages.translator(language, { timeZone: 'Europe/Oslo' })
  const { renderer } = viewsOfTests()
  const samples = createSamples({ t, text })
  const pages = [
    ...sampleReadingPages(samples),
    ...samplePollPages(samples),
    ...sampleDraftPages(samples),
    ...sampleQuotePages(samples),
    ...sampleExplorePages(samples),
    ...sampleListPages(samples),
    ...sampleFilterPages(samples),
    ...sampleFormPages(samples),
    ...sampleSecurityPages(samples),
    ...sampleScriptPages(samples),
    ...sampleAdminPages(samples)
  ].map(({ file, name, view, chrome }) => ({
    file,
    html: renderer.page(name, { view, chrome, t })
  }))
  return { pages, renderer }
}
