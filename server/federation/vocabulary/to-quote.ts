import { escapeHtml } from '#server/posts/render-text.ts'

/** What a post of ours quotes. */
export interface OutgoingQuote {
  uri: string
  /** Page for people. */
  url: string
  /** The proof that it may; undefined while there is none, and where none is needed. */
  authorizationUri?: string | undefined
}

const activityMime = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'

/** A quote in every spelling that servers read (FEP-044f, its older relatives). */
export function toQuote({ uri, authorizationUri }: OutgoingQuote): Record<string, unknown> {
  return {
    quote: uri,
    quoteUrl: uri,
    quoteUri: uri,
    _misskey_quote: uri,
    ...(authorizationUri === undefined ? {} : { quoteAuthorization: authorizationUri })
  }
}

/** The same as a link among the tags (FEP-e232). */
export function toQuoteTag({ uri }: OutgoingQuote): Record<string, unknown> {
  return { type: 'Link', mediaType: activityMime, rel: 'https://misskey-hub.net/ns#_misskey_quote', href: uri, name: `RE: ${uri}` }
}

/** The same in the text, for those who show no quotes; those who do hide it by its class. */
export function toQuoteHtml({ url }: OutgoingQuote): string {
  const address = escapeHtml(url)
  return `<p class="quote-inline">RE: <a href="${address}">${address}</a></p>`
}
