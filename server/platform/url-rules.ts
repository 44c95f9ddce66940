import { hostOf } from '#server/platform/host-names.ts'
import { HttpError } from '#server/platform/http-error.ts'

const urlCharactersMax = 4_096
const lowestFreePort = 1_024

export interface UrlRules {
  allowHttp: boolean
  /** Origin an operator typed, such as `http://10.0.0.5:8080`: exempt from the rules on scheme, port and address. */
  exempt?: string
}

/**
 * The URL to ask, without its fragment, after every rule that its text alone can break. `from` is the hop that redirected here:
 * a relative target is read against it, and a step down from https to http is refused unless http is allowed for all.
 */
export function checkUrl(address: string | URL, rules: UrlRules, from?: URL): URL {
  const text = String(address)
  if (text.length > urlCharactersMax)
    throw new HttpError('bad-url', `A URL of ${text.length} characters is longer than the ${urlCharactersMax} we ask for.`, from?.href)
  const url = URL.parse(text, from?.href)
  if (url === null) throw new HttpError('bad-url', `"${text}" is not a URL.`, from?.href ?? text)
  url.hash = ''
  checkScheme(url, rules, from)
  if (url.username !== '' || url.password !== '')
    throw new HttpError('bad-url', `A URL with a user name or password is not asked (${url.host}).`, url.origin)
  if (hostOf(url) !== url.host) throw new HttpError('bad-url', `"${url.host}" is not a host name in its normal form.`, url.href)
  const port = Number(url.port)
  if (url.port !== '' && port < lowestFreePort && port !== 80 && port !== 443 && url.origin !== rules.exempt) {
    throw new HttpError('port', `Port ${port} belongs to something other than the web.`, url.href)
  }
  return url
}

function checkScheme(url: URL, rules: UrlRules, from?: URL): void {
  if (url.protocol === 'https:') return
  if (url.protocol !== 'http:') throw new HttpError('scheme', `"${url.protocol}" URLs are not asked, only https.`, url.href)
  if (rules.allowHttp) return
  if (from?.protocol === 'https:') throw new HttpError('scheme', `A redirect from https to http is not followed (${url.host}).`, url.href)
  if (url.origin !== rules.exempt) throw new HttpError('scheme', `${url.origin} is not https.`, url.href)
}
