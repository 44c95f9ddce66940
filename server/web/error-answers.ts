import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isDatabaseAway } from '#db/away.ts'
import { Refusal, statusOfRefusal, textValuesOf } from '#server/errors.ts'
import type { Translate } from '#server/platform/messages.ts'
import { prefersHtml } from '#server/web/accept.ts'
import { knowsCookies, SignedOutForm } from '#server/web/access.ts'
import { StaleForm } from '#server/web/csrf.ts'
import { page } from '#server/web/page.ts'
import { createPageOfForm } from '#server/web/page-of-form.ts'
import { securityHeaders } from '#server/web/security-headers.ts'
import { cameFrom, signInPathFor } from '#server/web/return-to.ts'
import { filesLostField } from '#server/web/typed.ts'
import type { LinkView } from '#server/web/views/form-view.ts'

/** Statuses with words of their own; the others are told as the nearest of these. */
const spoken = new Set([400, 401, 403, 404, 409, 410, 413, 415, 421, 422, 429, 500, 503])

/** What may go well a little later, with the same form. */
const forAWhile = new Set([429, 500, 503])

/** A database that is locked, restarting or full may be asked again after so long. */
const awayRetrySeconds = 5

/** What goes out when something did not go well: the status, the words, and for bugs the id of the request instead of any detail. */
interface Answer {
  status: number
  text: string
  requestId: string | undefined
}

/** One place answers every error of every door: a page for browsers, JSON for everybody else. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | Refusal, request, reply) => answerError(error, request, reply))
  const pageOfForm = createPageOfForm(app.routeTable)
  app.setNotFoundHandler((request, reply) => {
    const path = prefersHtml(request.headers.accept) ? pageOfForm(request) : undefined
    if (path !== undefined) return reply.header('cache-control', 'no-store').redirect(path, 303)
    return answerError(new Refusal('missing', 'errors.missing'), request, reply)
  })
}

async function answerError(error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const isAway = isDatabaseAway(error)
  const answer = toAnswer(error, request, isAway)
  if (isAway) {
    request.log.warn({ err: error, route: request.routeOptions.url }, 'the database is away')
    reply.header('retry-after', awayRetrySeconds)
  } else if (answer.status >= 500 && !(error instanceof Refusal))
    request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed')
  if (error instanceof Refusal && error.values.retryAfterMs !== undefined) {
    reply.header('retry-after', Math.ceil(Number(error.values.retryAfterMs) / 1_000))
  }
  // What the route had set for its own answer does not hold for this one.
  reply
    .headers({ ...securityHeaders(request.server.ctx.config.isHttps), 'cache-control': 'no-store' })
    .removeHeader('etag')
    .removeHeader('content-length')
  if (isForPrograms(request) || !prefersHtml(request.headers.accept)) return answerJson(reply, answer)
  try {
    // What is refused before the reader was recognised (another host, too many requests) is told in the instance's words.
    request.t ??= translatorOf(request)
    const { status, text, requestId } = answer
    const t = translatorOf(request)
    const heading = t(`errors.heading${spoken.has(status) ? status : status < 500 ? 400 : 500}`)
    const hidden = heldFields(request)
    if (error instanceof StaleForm)
      return await offerAgain(request, reply, { status, heading: t('errors.formStaleHeading'), said: [t('errors.formStale')], hidden })
    if (error instanceof SignedOutForm && hidden.length > 0)
      return await offerAgain(request, reply, { status, heading, said: [t('errors.signInFirst')], hidden })
    if (forAWhile.has(status) && hidden.length > 0) {
      const said = [text, t('errors.typedKept'), ...(requestId === undefined ? [] : [t('errors.requestId', { id: requestId })])]
      return await offerAgain(request, reply, { status, heading, said, hidden })
    }
    return await page(
      reply,
      'error',
      { status, heading, text, requestId, links: linksOf(request, status, t) },
      { title: heading, status, cache: 'none' }
    )
  } catch (renderError) {
    // Without a database, or with a broken template, there are still the words.
    request.log.error({ err: renderError }, 'the page of an error could not be shown')
    return reply
      .code(answer.status)
      .type('text/plain; charset=utf-8')
      .send(`${answer.text}\n${answer.requestId ?? ''}\n`)
  }
}

function toAnswer(error: FastifyError | Refusal, request: FastifyRequest, isAway: boolean): Answer {
  const t = translatorOf(request)
  if (isAway) return { status: 503, text: t('errors.text503'), requestId: request.id }
  if (error instanceof Refusal)
    return { status: statusOfRefusal[error.kind], text: t(error.key, textValuesOf(error)), requestId: undefined }
  const { statusCode } = error
  const isTheirs = statusCode !== undefined && statusCode >= 400 && statusCode < 500
  if (!isTheirs) return { status: statusCode === 503 ? 503 : 500, text: t('errors.text500'), requestId: request.id }
  return { status: statusCode, text: t(`errors.text${spoken.has(statusCode) ? statusCode : 400}`), requestId: undefined }
}

/** Apps say of what they accept whatever their library says; where there is no address for them, they are told so as everything else. */
function isForPrograms(request: FastifyRequest): boolean {
  if (request.is404) return request.url.startsWith('/api/')
  const access = request.routeOptions.config?.access
  return access !== undefined && !knowsCookies(access)
}

function answerJson(reply: FastifyReply, { status, text, requestId }: Answer): FastifyReply {
  return reply
    .code(status)
    .header('vary', 'Accept')
    .type('application/json; charset=utf-8')
    .send({ error: text, ...(requestId ? { requestId } : {}) })
}

interface HeldForm {
  status: number
  heading: string
  /** Why it was not done, and what is kept. */
  said: string[]
  hidden: { name: string; value: string }[]
}

/**
 * A form whose token is out of date (signed in again elsewhere, cookies gone), whose writer is signed out by now, or with which something failed is shown with what
 * it held: one click sends it again.
 */
async function offerAgain(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, heading, said, hidden }: HeldForm
): Promise<FastifyReply> {
  return page(
    reply,
    'confirm',
    {
      heading,
      consequences: said,
      path: request.url,
      label: translatorOf(request)('errors.formStaleAgain'),
      isDangerous: false,
      cancelPath: '/',
      hidden,
      quoted: undefined,
      post: undefined,
      account: undefined
    },
    { title: heading, status, hasForm: true, cache: 'none' }
  )
}

/** What a form held, to be sent again; passwords are typed anew. */
function heldFields({ form }: FastifyRequest): { name: string; value: string }[] {
  const texts = form.entries().filter(({ name }) => name !== 'csrf' && name !== 'returnTo' && !/password/i.test(name))
  return form.hadFiles && !form.has(filesLostField) ? [...texts, { name: filesLostField, value: 'yes' }] : texts
}

function linksOf(request: FastifyRequest, status: number, t: Translate): LinkView[] {
  if (request.who) return [{ path: '/home', label: t('errors.toHome') }]
  const front = { path: '/', label: t('errors.toFront') }
  return [401, 403, 404, 410].includes(status)
    ? [front, { path: signInPathFor(pageBehind(request)), label: t('errors.toSignIn') }]
    : [front]
}

/** What is looked at again once one is signed in: this page, or the one whose form was sent. */
function pageBehind(request: FastifyRequest): string {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  return isRead ? request.url : (cameFrom(request) ?? '/')
}

/** Errors may come before the hook that finds the reader's language. */
function translatorOf(request: FastifyRequest): Translate {
  const { ctx } = request.server
  return request.t ?? ctx.messages.translator(ctx.config.instance.language, { timeZone: ctx.config.instance.timeZone })
}

/** What cannot even be routed (`/%ff`, a parameter too long) passes no hook: it is answered here, in a sentence. */
export function answerUnroutable(app: () => FastifyInstance) {
  return (error: FastifyError, request: { raw: IncomingMessage }, reply: { raw: ServerResponse }): void => {
    const { config, messages } = app().ctx
    const status = error.statusCode ?? 400
    const text = messages.translator(config.instance.language, { timeZone: config.instance.timeZone })(
      `errors.text${spoken.has(status) ? status : 400}`
    )
    const isHtml = prefersHtml(request.raw.headers.accept)
    const headers = {
      ...securityHeaders(config.isHttps),
      'cache-control': 'no-store',
      // Its body, if it has one, is not read, and is not to be taken for the next request.
      connection: 'close',
      'content-type': isHtml ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
    }
    reply.raw.writeHead(status, headers).end(isHtml ? `${text}\n` : JSON.stringify({ error: text }))
  }
}
