/** The links of what we render name their relation; of some other page's HTML nothing is claimed. */
const relOfLink = /(<a\s[^>]*?\brel=")(?!me )/g

/**
 * The value of a profile's field with its links marked `rel="me"` (HTML, section 4.6.6; microformats' rel-me): whoever lists the profile on the page that
 * is linked to can so have it verified. Only for people of this instance, on their own profile and in their actor: what we show of others proves nothing.
 */
export function withMe(valueHtml: string): string {
  return valueHtml.replace(relOfLink, '$1me ')
}
