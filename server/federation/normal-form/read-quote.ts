import { readTypes } from '#server/federation/normal-form/read-activity.ts'
import { idOf, isRecord, type Json, listOf, textOf, urlOf } from '#server/federation/normal-form/values.ts'
import type { NormalQuote } from '#server/federation/normal-form/types.ts'

/** Words for a quote that are older than FEP-044f, in the order in which they are believed. */
const legacyWords = ['quoteUrl', 'quoteUri', '_misskey_quote', 'quoteURL'] as const
const quoteRel = /^https:\/\/misskey-hub\.net\/ns\/?#_misskey_quote$/
const postTypesOfLinks = /^application\/(activity\+json|ld\+json)/

/** What a post says it quotes: `quote` (FEP-044f), one of the older words, or a Link among its tags (FEP-e232). Undefined when it quotes nothing. */
export function readQuote(json: Json): NormalQuote | undefined {
  const quoted = idOf(json.quote)
  const uri = quoted ?? legacyWords.map((word) => urlOf(textOf(json[word]))).find((each) => each !== undefined) ?? linkIn(json)
  if (uri === undefined) return undefined
  return { uri, isLegacy: quoted === undefined, authorization: idOf(json.quoteAuthorization) }
}

function linkIn(json: Json): string | undefined {
  const links = listOf(json.tag).filter(isRecord)
  const isQuote = (link: Json) => {
    if (!readTypes(link).includes('Link')) return false
    const rels = listOf(link.rel).map(textOf)
    const isOfQuote = rels.some((rel) => quoteRel.test(rel))
    // Of links without a rel only those to a post that the text calls a quote.
    return isOfQuote || (rels.length === 0 && postTypesOfLinks.test(textOf(link.mediaType)) && /^RE: /.test(textOf(link.name)))
  }
  const link = links.find(isQuote)
  return link && urlOf(link.href)
}
