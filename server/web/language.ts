import { pseudoLanguage } from '#server/platform/messages.ts'

const rangesMax = 20
const headerCharactersMax = 1_000

/** The language of ours that an Accept-Language header wants most (RFC 4647, lookup), or undefined. */
export function chooseLanguage(header: string | undefined, languages: readonly string[]): string | undefined {
  if (header === undefined) return undefined
  const known = new Map([...languages, pseudoLanguage].map((language) => [language.toLowerCase(), language]))
  const wanted = header
    .slice(0, headerCharactersMax)
    .split(',', rangesMax)
    .map((range) => {
      const [tag = '', q] = range.split(';')
      return { tag: tag.trim().toLowerCase(), weight: q === undefined ? 1 : Number(/q\s*=\s*([\d.]+)/.exec(q)?.[1] ?? 0) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  for (const { tag } of wanted) {
    const found = known.get(tag) ?? known.get(tag.split('-', 1)[0] ?? '')
    if (found !== undefined) return found
  }
  return undefined
}
