import type { Config } from '#server/config.ts'
import type { Clock } from '#server/platform/clock.ts'
import { createFailureMemory } from '#server/platform/failure-memory.ts'
import type { FetchBudget } from '#server/platform/fetch-budget.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { type AnswerWish, type HopOutcome, type HttpResponse, readAnswer } from '#server/platform/http-answer.ts'
import type { SteerConnection } from '#server/platform/http-connector.ts'
import { HttpError, toHttpError } from '#server/platform/http-error.ts'
import { createHttpLanes, type Crowd } from '#server/platform/http-lanes.ts'
import { createHttpPools } from '#server/platform/http-pools.ts'
import { acceptEncoding } from '#server/platform/read-body.ts'
import { checkUrl } from '#server/platform/url-rules.ts'

export { FetchBudget } from '#server/platform/fetch-budget.ts'
export type { HttpResponse } from '#server/platform/http-answer.ts'
export { HttpError, type HttpErrorReason } from '#server/platform/http-error.ts'

export const redirectsMax = 5
/** From the call to the last byte, all hops, the wait for a turn and the look-up of names together. */
export const exchangeMs = 10_000
export const bytesMaxDefault = 1_000_000

export interface HttpClientOptions {
  outbound: Config['outbound']
  /** Sent with every request: name, version and the address of this instance. */
  userAgent: string
  /** Tells how long failures are remembered; ms. */
  clock: Clock
  /** Asked before each hop with the host as `hostOf` gives it. */
  isHostBlocked?: (host: string) => boolean | Promise<boolean>
  /** Tests only: see SteerConnection. */
  connect?: SteerConnection
  /** Tests only: a shorter total deadline, in ms. */
  deadlineMs?: number
  /** Deliveries under way at once; silent: as many as other requests. */
  deliveriesMax?: number
}

export type HttpHeaders = Record<string, string>

export interface GetOptions {
  accept?: string
  /** Types a 2xx answer may have, as `isContentTypeAllowed` reads them; checked before the body is read. Silent: any. */
  contentTypes?: readonly string[]
  /** Longest body taken, decoded. */
  bytesMax?: number
  /** Takes the beginning of a longer body, or of one that breaks off, instead of refusing it: for pages whose head is enough. */
  isCut?: boolean
  /** Headers for one hop; called for each, so that a signature names the URL that is really asked. */
  headersFor?: (url: URL) => HttpHeaders | Promise<HttpHeaders>
  budget?: FetchBudget
  /** Origin that an operator typed on the command line; its scheme, port and address are not refused, those of other origins are. */
  exempt?: string
  /** Who asks, where that may change the answer: failures are remembered, and calls shared, for one asker alone. */
  askedAs?: string
  /** After a failure, refuse the same URL for so long; and share one request among simultaneous calls. */
  rememberFailureMs?: number
}

export interface PostOptions {
  headers?: HttpHeaders
  body: Buffer | string
  budget?: FetchBudget
  exempt?: string
  /** Ends the request before its deadline with the signal's reason. */
  signal?: AbortSignal
}

export interface HttpClient {
  /** Follows up to 5 redirects, each checked like the first URL. Throws HttpError. */
  get(url: string | URL, options?: GetOptions): Promise<HttpResponse>
  /** Never follows a redirect: HttpError `redirects`. */
  post(url: string | URL, options: PostOptions): Promise<HttpResponse>
  stats(): { active: number; waiting: number; pools: number }
  /** Ends what runs with HttpError `closed` and lets go of every connection. */
  close(): Promise<void>
}

interface Exchange extends AnswerWish {
  headersFor: (url: URL) => HttpHeaders | Promise<HttpHeaders>
  body?: Buffer | string
  budget: FetchBudget | undefined
  exempt: string | undefined
  crowd: Crowd
  signal?: AbortSignal | undefined
}

/**
 * The one door through which this instance speaks HTTP to others (law 3 of the security rules): https, sound ports, public
 * addresses checked as they are connected to, bounded redirects, time, bytes, connections and memory. It follows
 * no `Link` header and keeps no cookie.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { allowHttp } = options.outbound
  const deadlineMs = options.deadlineMs ?? exchangeMs
  const pools = createHttpPools({ outbound: options.outbound, steer: options.connect, deadlineMs })
  const { connectionsMax } = options.outbound
  const activeMax = { asking: connectionsMax, delivering: options.deliveriesMax ?? connectionsMax }
  const lanes = createHttpLanes({ activeMax, waitMs: deadlineMs / 2 })
  const failures = createFailureMemory<HttpResponse>(() => options.clock.now())
  const running = new Set<AbortController>()
  let isClosed = false

  /** Runs one call under its deadline; whatever breaks because time is up, or the door closes, is reported as that. */
  async function withinDeadline<T>(url: string, work: (signal: AbortSignal) => Promise<T>, sooner?: AbortSignal): Promise<T> {
    if (isClosed) throw closedError(url)
    const controller = new AbortController()
    const end = () => controller.abort(sooner?.reason)
    sooner?.addEventListener('abort', end)
    const timer = setTimeout(
      () => controller.abort(new HttpError('timeout', `No complete answer within ${deadlineMs / 1000} s.`, url)),
      deadlineMs
    )
    running.add(controller)
    try {
      return await work(controller.signal)
    } catch (error) {
      if (error instanceof HttpError || !controller.signal.aborted) throw error
      throw controller.signal.reason
    } finally {
      clearTimeout(timer)
      sooner?.removeEventListener('abort', end)
      running.delete(controller)
    }
  }

  async function ask(address: string | URL, exchange: Exchange): Promise<HttpResponse> {
    const urlRules = { allowHttp, exempt: exchange.exempt }
    let url = checkUrl(address, urlRules)
    return withinDeadline(
      url.href,
      async (signal) => {
        const hops: string[] = []
        for (;;) {
          hops.push(url.href)
          const outcome = await askHop(url, exchange, hops, signal)
          if ('response' in outcome) return outcome.response
          if (exchange.method === 'POST') throw new HttpError('redirects', `${url.host} redirects a POST, which is not followed.`, url.href)
          if (hops.length > redirectsMax) throw new HttpError('redirects', `More than ${redirectsMax} redirects.`, url.href)
          url = checkUrl(outcome.location, urlRules, url)
        }
      },
      exchange.signal
    )
  }

  async function askHop(url: URL, exchange: Exchange, hops: string[], signal: AbortSignal): Promise<HopOutcome> {
    const host = hostOf(url) ?? url.host
    if (await options.isHostBlocked?.(host)) throw new HttpError('blocked-host', `${host} is blocked on this instance.`, url.href)
    exchange.budget?.spend(url)
    try {
      const work = async () => {
        const headers = ownable(await exchange.headersFor(url))
        const { pool, limits } = pools.poolFor(url, url.origin === exchange.exempt)
        return limits.during(exchange.bytesMax, async () => {
          const answer = await pool.request({
            method: exchange.method,
            path: `${url.pathname}${url.search}`,
            headers: { ...headers, 'user-agent': options.userAgent, 'accept-encoding': acceptEncoding },
            body: exchange.body,
            signal
          })
          const outcome = await readAnswer(answer, exchange, url, hops)
          // A body that nobody reads ends quietly when its time is up.
          signal.throwIfAborted()
          return outcome
        })
      }
      return await lanes.run(host, signal, work, exchange.crowd)
    } catch (error) {
      throw signal.aborted && !(error instanceof HttpError) ? signal.reason : toHttpError(error, url)
    }
  }

  return {
    get(address, get = {}) {
      const { headersFor } = get
      const accept: HttpHeaders = get.accept === undefined ? {} : { accept: get.accept }
      const exchange: Exchange = {
        method: 'GET',
        headersFor: async (url) => ({ ...accept, ...(await headersFor?.(url)) }),
        contentTypes: get.contentTypes,
        bytesMax: get.bytesMax ?? bytesMaxDefault,
        isCut: get.isCut,
        budget: get.budget,
        exempt: get.exempt,
        crowd: 'asking'
      }
      if (get.rememberFailureMs === undefined) return ask(address, exchange)
      const url = String(address).split('#')[0] ?? ''
      const key = JSON.stringify([url, get.accept, get.contentTypes, exchange.bytesMax, get.isCut, get.exempt, get.askedAs])
      return failures.ask({ key, url, rememberMs: get.rememberFailureMs }, () => ask(address, exchange))
    },
    post(address, { headers = {}, body, budget, exempt, signal }) {
      return ask(address, { method: 'POST', headersFor: () => headers, body, bytesMax: 0, budget, exempt, crowd: 'delivering', signal })
    },
    stats: () => ({ active: lanes.active, waiting: lanes.waiting, pools: pools.size }),
    async close() {
      isClosed = true
      for (const controller of running) controller.abort(closedError(''))
      await pools.destroy()
    }
  }
}

/** Names in lower case, and without Host, which is always the URL's own: what a caller signed and what is sent cannot differ. */
function ownable(headers: HttpHeaders): HttpHeaders {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return Object.fromEntries(lower.filter(([name]) => name !== 'host'))
}

function closedError(url: string): HttpError {
  return new HttpError('closed', 'This process is stopping and makes no more requests.', url)
}
