import { activityStreams } from '#server/federation/vocabulary/context.ts'

type Terms = Readonly<Record<string, unknown>>

const gts = 'https://gotosocial.org/ns#'
const reference = (term: string) => [term, { '@id': `gts:${term}`, '@type': '@id' }]

/** Words for who may do what with a post (GoToSocial; canQuote is FEP-044f's, the last two are GoToSocial's before 0.20). */
export const policyTerms: Terms = {
  gts,
  ...Object.fromEntries(
    [
      ...['interactionPolicy', 'canQuote', 'canReply', 'canLike', 'canAnnounce'],
      ...['automaticApproval', 'manualApproval', 'always', 'approvalRequired']
    ].map(reference)
  )
}

/** Words for a quote: FEP-044f's, and those that other servers know. */
export const quoteTerms: Terms = {
  quote: { '@id': 'https://w3id.org/fep/044f#quote', '@type': '@id' },
  quoteAuthorization: { '@id': 'https://w3id.org/fep/044f#quoteAuthorization', '@type': '@id' },
  quoteUrl: 'as:quoteUrl',
  quoteUri: 'http://fedibird.com/ns#quoteUri',
  _misskey_quote: 'https://misskey-hub.net/ns#_misskey_quote'
}

export const authorizationTerms: Terms = {
  gts,
  ...Object.fromEntries(['likeAuthorization', 'replyAuthorization', 'announceAuthorization', 'approvedBy'].map(reference))
}

/** Types and words of requests and authorizations. */
export const requestTerms: Terms = {
  gts,
  QuoteRequest: 'https://w3id.org/fep/044f#QuoteRequest',
  QuoteAuthorization: 'https://w3id.org/fep/044f#QuoteAuthorization',
  ...Object.fromEntries(
    ['Reply', 'Like', 'Announce'].flatMap((verb) => [`${verb}Request`, `${verb}Authorization`]).map((type) => [type, `gts:${type}`])
  ),
  ...Object.fromEntries(['interactingObject', 'interactionTarget'].map(reference))
}

/** A context with more words of its own. */
export function withTerms(context: readonly unknown[], ...more: readonly Terms[]): unknown[] {
  const [base = activityStreams, terms = {}] = context
  return [base, Object.assign({}, terms, ...more)]
}
