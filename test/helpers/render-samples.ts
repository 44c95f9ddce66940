import type { Renderer } from '#server/web/render.ts'
import { samplePages } from '#server/web/style/sample-pages.ts'
import { createSamples } from '#server/web/style/samples.ts'
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
  const pages = samplePages(samples).map(({ file, name, view, chrome }) => ({
    file,
    html: renderer.page(name, { view, chrome, t })
  }))
  return { pages, renderer }
}
