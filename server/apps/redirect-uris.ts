/** Means that the code is shown, to be carried over by hand: for programs without a browser's way back. */
export const outOfBand = 'urn:ietf:wg:oauth:2.0:oob'

const redirectUriCharactersMax = 2_000

/** What a URI is written in (RFC 3986, appendix A): no space, no quote, nothing that is not ASCII. */
const uriShape = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/
/** Stricter than the web: a host may stand in a header of ours. */
const hostShape = /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$/
const loopbackHost = /^(?:localhost|(?:[a-z0-9-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\])$/
const schemeShape = /^[a-z][a-z0-9+.-]*$/

/** Schemes that run something, read this device, or lead to what is no app of its owner's choice. */
const neverLed = new Set([
  'about',
  'android-app',
  'blob',
  'callto',
  'chrome',
  'content',
  'data',
  'facetime',
  'feed',
  'file',
  'filesystem',
  'ftp',
  'hcp',
  'intent',
  'itms-services',
  'jar',
  'javascript',
  'livescript',
  'mailto',
  'mk',
  'mocha',
  'res',
  'resource',
  'search',
  'search-ms',
  'shell',
  'sms',
  'tel',
  'urn',
  'vbscript',
  'view-source',
  'ws',
  'wss'
])

/** Parts of Windows that do what their address says. */
const ofWindows = /^ms-/

/**
 * Whether an authorization may be sent there: https anywhere, http on the device itself (RFC 8252, section 7.3), a scheme of an app's own
 * (section 7.1), or shown as text. No fragment (RFC 6749, section 3.1.2), no name and password. Pure; says nothing of whose it is.
 */
export function mayRedirectTo(uri: string): boolean {
  if (uri === outOfBand) return true
  if (uri.length > redirectUriCharactersMax || !uriShape.test(uri) || uri.includes('#')) return false
  const url = URL.parse(uri)
  if (url === null) return false
  const scheme = url.protocol.slice(0, -1)
  if (scheme !== 'https' && scheme !== 'http') return schemeShape.test(scheme) && !neverLed.has(scheme) && !ofWindows.test(scheme)
  // What browsers would read as another address than it looks (`https:/x`, `https:\\x`) is none.
  if (!/^https?:\/\/[^/]/i.test(uri) || url.username !== '' || url.password !== '' || !hostShape.test(url.hostname)) return false
  return scheme === 'https' || loopbackHost.test(url.hostname)
}

/** The URI with parameters after what it holds already, which stays as it was written. Pure. */
export function withParameters(uri: string, parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter((each): each is [string, string] => each[1] !== undefined)
  const text = given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  const joint = !uri.includes('?') ? '?' : /[?&]$/.test(uri) ? '' : '&'
  return uri + joint + text
}

/** Where an authorization goes, as people are told: the host, or the scheme of an app on this device. Pure. */
export function placeOf(uri: string): { kind: 'site' | 'device' | 'text'; name: string } {
  if (uri === outOfBand) return { kind: 'text', name: '' }
  const url = new URL(uri)
  if (url.protocol === 'https:') return { kind: 'site', name: url.host }
  return { kind: 'device', name: url.protocol === 'http:' ? url.host : url.protocol }
}

/**
 * The source under which a policy (CSP 3, form-action) lets the form of an authorization lead there. Browsers hold every hop of what a form leads to against it,
 * and an app on the web may lead on to another of its hosts: of https, the scheme. Undefined where it leads nowhere else. Pure.
 */
export function formTargetOf(uri: string): string | undefined {
  if (uri === outOfBand) return undefined
  const { protocol, origin } = new URL(uri)
  return protocol === 'http:' ? origin : protocol
}
