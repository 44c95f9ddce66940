import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Person } from '#server/accounts/who.ts'
import { allowApp } from '#server/apps/allow-app.ts'
import { type Authorization, type FaultyAuthorization, isFaulty, readAuthorization } from '#server/apps/read-authorization.ts'
import { formTargetOf, outOfBand, placeOf, withParameters } from '#server/apps/redirect-uris.ts'
import { isHandedCode } from '#server/apps/shown-code.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { asked } from '#server/web/asked.ts'
import { page } from '#server/web/page.ts'
import { safePath, signInPathFor } from '#server/web/return-to.ts'
import { contentSecurityPolicy } from '#server/web/security-headers.ts'
import { scopeWords, websiteLink } from '#server/web/views/describe-app.ts'
import { viewAccounts } from '#server/web/views/view-accounts.ts'

const config = { access: 'anyone', cache: 'none' } as const
const paths = { authorize: '/oauth/authorize', code: '/oauth/authorize/native' }
/** Random as a token of ours is. */
const codeShape = /^[A-Za-z0-9_-]{32}$/
/** Asks for somebody to sign in again, or as somebody else, whoever is signed in. */
const again = 'force_login'

type Query = Record<string, string | string[] | undefined>

/**
 * Where people let an app in (RFC 6749, section 4.1.1). Nobody is led to an app but by pressing one of the two buttons: apps introduce themselves, so that every
 * other way there would be anybody's way from this origin to theirs (RFC 9700, section 4.11.2).
 */
export function authorizeRoutes(app: FastifyInstance, ctx: Context): void {
  app.get(paths.authorize, { config }, async (request, reply) => {
    // Nobody asks anything: what was allowed before may be what is looked for.
    if (Object.keys(queryOf(request)).length === 0) return reply.redirect('/settings/apps', 303)
    const asking = await readAuthorization(ctx.db, queryOf(request), request.who)
    if (isFaulty(asking)) return showFaulty(request, reply, asking)
    const here = pathHere(request)
    if (!request.who) return reply.redirect(signInPathFor(here), 303)
    if (isTrue(asked(request, again))) return reply.redirect(signInAgain(here), 303)
    return show(request, reply, asking)
  })

  app.post(paths.authorize, { config }, async (request, reply) => {
    const asking = await readAuthorization(ctx.db, queryOf(request), request.who)
    if (isFaulty(asking)) return showFaulty(request, reply, asking)
    if (!request.who) return reply.redirect(signInPathFor(pathHere(request)), 303)
    const decision = request.form.text('decision')
    if (decision === 'deny') return lead(request, reply, asking, { error: 'access_denied' })
    // Whatever is no clear yes is none.
    if (decision !== 'allow') return reply.redirect(pathHere(request), 303)
    return lead(request, reply, asking, { code: await allowApp(ctx, request.who, asking) })
  })

  app.get(paths.code, { config: { ...config, access: 'signed-in' } }, async (request, reply) => {
    const code = asked(request, 'code')
    if (!codeShape.test(code) || !(await isHandedCode(ctx, request.who!, code))) throw new Refusal('missing', 'errors.missing')
    return page(reply, 'authorize-code', { code }, { title: request.t('authorize.codeHeading') })
  })
}

function queryOf(request: FastifyRequest): Query {
  return request.query as Query
}

function isTrue(text: string): boolean {
  return ['true', '1', 'yes'].includes(text.toLowerCase())
}

/** This very question, once one is signed in: it is not asked to sign in twice. Refuses what would be too long to come back to. */
function pathHere(request: FastifyRequest): string {
  const parameters = Object.entries(queryOf(request)).filter((each): each is [string, string] => each[0] !== again)
  const path = safePath(`${paths.authorize}?${new URLSearchParams(parameters)}`)
  if (path === undefined) throw new Refusal('malformed', 'authorize.tooLong')
  return path
}

function signInAgain(path: string): string {
  return `/sign-in?again=yes&next=${encodeURIComponent(path)}`
}

/** Back to the app with what was decided: whose answer it is (RFC 9207) and what the app asked to have back. */
function lead(
  request: FastifyRequest,
  reply: FastifyReply,
  { redirectUri, state }: Pick<Authorization, 'redirectUri' | 'state'>,
  answer: { code: string } | { error: 'access_denied' }
): FastifyReply {
  if (redirectUri !== outOfBand) return reply.redirect(addressBack(request, { redirectUri, state }, answer), 303)
  return reply.redirect('code' in answer ? withParameters(paths.code, answer) : '/home', 303)
}

function addressBack(
  request: FastifyRequest,
  { redirectUri, state }: Pick<Authorization, 'redirectUri' | 'state'>,
  answer: Record<string, string>
): string {
  return withParameters(redirectUri, { ...answer, state, iss: request.server.ctx.config.origin })
}

async function show(request: FastifyRequest, reply: FastifyReply, asking: Authorization): Promise<FastifyReply> {
  const { t, server } = request
  const { ctx } = server
  const { account } = request.who as Person
  const [shown] = await viewAccounts(ctx, [account])
  const { name } = await ctx.settings.get()
  const place = placeOf(asking.redirectUri)
  const handle = `${handleOf(account)}@${ctx.config.handleDomain}`
  const here = pathHere(request)
  const view = {
    appName: asking.app.name,
    website: websiteLink(asking.app),
    account: shown!,
    handle,
    lead: t('authorize.lead', { app: asking.app.name, instance: name }),
    allows: scopeWords(asking.scopes, t),
    placeText: t(`authorize.place-${place.kind}`, { place: place.name }),
    path: here,
    otherPath: signInAgain(here)
  }
  reply.header('content-security-policy', contentSecurityPolicy(formTargetOf(asking.redirectUri)))
  return page(reply, 'authorize', view, { title: t('authorize.heading', { app: asking.app.name }) })
}

function showFaulty(request: FastifyRequest, reply: FastifyReply, asking: FaultyAuthorization): Promise<FastifyReply> {
  const { t } = request
  const app = asking.app.name
  const view = {
    heading: t('authorize.faultyHeading'),
    text: t(asking.key, { app }),
    lead: t('authorize.faultyLead', { app }),
    backUrl: asking.redirectUri === outOfBand ? undefined : addressBack(request, asking, { error: asking.error }),
    backLabel: t('authorize.back', { app }),
    home: request.who ? { path: '/home', label: t('errors.toHome') } : { path: '/', label: t('errors.toFront') }
  }
  return page(reply, 'authorize-faulty', view, { title: view.heading, status: 400 })
}
