import { errors } from 'undici'

/** Why a request of ours came to nothing. Statuses other than 2xx are answers and not among these. */
export type HttpErrorReason =
  | 'bad-url' // no URL we would ever ask: unparsable, with credentials, too long, a host spelled in an odd way
  | 'scheme' // neither https nor, where it is allowed, http; or a step down from https to http
  | 'port' // a port below 1024 other than 80 and 443
  | 'blocked-host' // moderation has cut this host off
  | 'blocked-address' // the name leads to a private or special address, or the URL spells one
  | 'redirects' // too many of them, one without a usable target, or one in answer to a POST
  | 'dns' // the name does not resolve
  | 'connect' // refused, reset, unreachable, or no connection in time
  | 'tls' // the certificate or the handshake is wrong
  | 'protocol' // what came back is not HTTP as we read it
  | 'timeout' // the whole exchange took longer than its deadline
  | 'too-large' // the body is longer, or decodes to more, than the caller takes
  | 'content-type' // a successful answer of a type the caller did not ask for
  | 'encoding' // compressed in a way we do not decode, or broken
  | 'json' // the body is no JSON
  | 'negative-cache' // failed a moment ago; not asked again yet
  | 'budget' // this step has used up its fetches
  | 'busy' // too many requests of ours wait already
  | 'closed' // this process is stopping

/** Reasons that lie in the address itself: asking again later cannot help, so that a delivery is given up at once. */
const permanentReasons: ReadonlySet<HttpErrorReason> = new Set([
  'bad-url',
  'scheme',
  'port',
  'blocked-host',
  'blocked-address',
  'redirects'
])

/** Reasons that tell something about the other side, and so are worth remembering for a while. */
const reasonsOfTheirs: ReadonlySet<HttpErrorReason> = new Set([
  'blocked-address',
  'redirects',
  'dns',
  'connect',
  'tls',
  'protocol',
  'timeout',
  'too-large',
  'content-type',
  'encoding'
])

/** One request that failed: `reason` for programs, `message` a plain sentence for logs and the command line, `url` the hop it failed at. */
export class HttpError extends Error {
  readonly reason: HttpErrorReason
  readonly url: string

  constructor(reason: HttpErrorReason, message: string, url = '', cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'HttpError'
    this.reason = reason
    this.url = url
  }

  get isPermanent(): boolean {
    return permanentReasons.has(this.reason)
  }

  get isTheirs(): boolean {
    return reasonsOfTheirs.has(this.reason)
  }
}

/** Codes of Node's TLS layer, which share no prefix: OpenSSL's own, certificate verification, host name mismatch. */
const tlsCode = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CRL_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO$)/

/**
 * Says what an error of undici or of Node means. An error it does not know is returned as it came: it is a bug of
 * ours (an invalid header, for one), and must not look like a fault of the peer.
 */
export function toHttpError(error: unknown, url: URL): unknown {
  if (error instanceof HttpError) {
    return error.url === '' ? new HttpError(error.reason, error.message, url.href, error.cause) : error
  }
  const code = codeOf(error)
  const say = (reason: HttpErrorReason, sentence: string) => new HttpError(reason, sentence, url.href, error)
  if (tlsCode.test(code)) return say('tls', `The TLS connection to ${url.host} failed (${code}).`)
  if (error instanceof errors.HTTPParserError || protocolCodes.has(code))
    return say('protocol', `${url.host} does not answer in proper HTTP (${code}).`)
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return say('timeout', `${url.host} took too long.`)
  if (code === 'EMFILE' || code === 'ENFILE') return say('busy', `This process has no file descriptor left to ask ${url.host}.`)
  if (connectCodes.has(code)) return say('connect', `No connection to ${url.host} (${code}).`)
  return error
}

const protocolCodes = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'])

const connectCodes = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
  'EINVAL',
  'ERR_STREAM_PREMATURE_CLOSE'
])

/** When every address of a name fails, Node reports an AggregateError that sometimes carries the code only inside. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return ''
}
