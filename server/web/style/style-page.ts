import type { Translate } from '#server/platform/messages.ts'
import type { Renderer } from '#server/web/render.ts'
import { contrastText, pixelsOf, readTokens, type Tokens } from '#server/web/style/read-tokens.ts'
import { samplePages } from '#server/web/style/sample-pages.ts'
import { createSamples } from '#server/web/style/samples.ts'
import type { StyleSample, StyleView } from '#server/web/views/style-view.ts'

/** Of each partial at most so many outputs are shown, each of another shape. */
const outputsMax = 3
/** Longer ones are shown only where a partial has no shorter: a whole timeline is a page by itself. */
const outputCharactersMax = 16_000

/** States of things, and where among the outputs of partials each is found. */
const states = [
  { name: 'empty', partial: 'timeline', pattern: /class="empty"/ },
  { name: 'loading', partial: 'thread-pull', pattern: /role="status"/ },
  { name: 'error', partial: 'field', pattern: /has-error/ },
  { name: 'refused', partial: 'form-error', pattern: /flash-bad/ },
  { name: 'withheld', partial: 'post-quote', pattern: /quote-note/ },
  { name: 'waiting', partial: 'post', pattern: /post-notice/ },
  { name: 'blocked', partial: 'profile-header', pattern: /\/unblock"/ },
  { name: 'warning', partial: 'post-body', pattern: /class="warning"/ },
  { name: 'sensitive', partial: 'post-pictures', pattern: /class="warning"/ },
  { name: 'filtered', partial: 'post', pattern: /class="filtered"/ }
] as const

/**
 * The page of style, made of what the sample pages are really made of: every partial is asked what it made of them, and the tokens are read out of
 * the style sheet. Nothing of it is kept by hand.
 */
export function styleView(renderer: Renderer, t: Translate): StyleView {
  const samples = createSamples({ t, text: (words) => words })
  const outputs = renderer.partialsOf(samplePages(samples).map(({ name, view, chrome }) => ({ name, view, chrome, t })))
  const { paths, find } = renderer.assets
  const tokens = readTokens(find(paths['skerry.css']!)!.body.toString())
  const picture = paths['logo.svg']!
  // Samples have no pictures of their own, and none of them takes the focus.
  const shown = (html: string) => html.replaceAll(/src="\/media\/[^"]*"/g, `src="${picture}"`).replaceAll(/ autofocus(?=[\s>])/g, '')
  return {
    stylesheet: paths['skerry.css']!,
    pageStylesheet: paths['style-page.css']!,
    sampleText: samples.text('Kettle on. Fog over the sound.'),
    sizes: sizesOf(tokens),
    schemes: schemesOf(tokens, t),
    spaces: spacesOf(tokens),
    states: states.map(({ name, partial, pattern }) => stateOf(t, name, outputs.get(partial), pattern, shown)),
    parts: [...outputs].map(([name, htmls]) => ({
      name,
      id: `part-${name}`,
      outputs: chosen(htmls).map((html) => (isMarkup(html) ? { html: shown(html), source: '' } : { html: '', source: html.trim() }))
    }))
  }
}

/** One of each shape, the shorter ones before those that would be pages by themselves. */
function chosen(htmls: readonly string[]): string[] {
  const byShape = new Map<string, string>()
  for (const html of htmls) {
    const shape = html.replaceAll(/>[^<]*</g, '><').replaceAll(/="[^"]*"/g, '')
    if (html.trim() !== '' && !byShape.has(shape)) byShape.set(shape, html)
  }
  const all = [...byShape.values()]
  const short = all.filter((html) => html.length <= outputCharactersMax)
  return (short.length > 0 ? short : all).slice(0, outputsMax)
}

/** Attributes and hidden fields are nothing to look at. */
function isMarkup(html: string): boolean {
  const seen = html.replaceAll(/<input type="hidden"[^>]*>/g, '').trim()
  return seen.startsWith('<') || (seen.includes('<') && !seen.includes('="'))
}

function stateOf(
  t: Translate,
  name: (typeof states)[number]['name'],
  htmls: readonly string[] | undefined,
  pattern: RegExp,
  shown: (html: string) => string
): StyleSample {
  const html = htmls?.find((each) => pattern.test(each))
  if (html === undefined) throw new Error(`No sample page shows the state "${name}".`)
  return { label: t(`style.state-${name}`), html: shown(html) }
}

function sizesOf({ lengths }: Tokens): StyleView['sizes'] {
  return [...lengths]
    .filter(([name]) => name.startsWith('text-'))
    .sort(([, a], [, b]) => b - a)
    .map(([name, rem]) => ({ token: `--${name}`, name, text: `${rem}rem · ${pixelsOf(rem)} px` }))
}

function schemesOf({ colours }: Tokens, t: Translate): StyleView['schemes'] {
  return (['light', 'dark', 'lightContrast', 'darkContrast'] as const).map((scheme) => ({
    heading: t(`style.scheme-${scheme}`),
    theme: scheme.startsWith('light') ? 'light' : 'dark',
    isContrast: scheme.endsWith('Contrast'),
    colours: [...colours[scheme]].map(([name, value]) => ({
      token: `--${name}`,
      value,
      contrastText: contrastText(colours[scheme], name)
    }))
  }))
}

function spacesOf({ lengths }: Tokens): StyleView['spaces'] {
  return [...lengths]
    .filter(([name]) => /^(space-|radius|target)/.test(name))
    .map(([name, rem]) => ({ token: `--${name}`, text: `${rem}rem · ${pixelsOf(rem)} px`, pixels: pixelsOf(rem) }))
}
