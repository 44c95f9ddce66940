import type { FastifyInstance, FastifyRequest } from 'fastify'
import { findLocalAccount } from '#server/accounts/find-account.ts'
import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { activityJson } from '#server/federation/vocabulary/context.ts'
import { hostOf, normalizeHost } from '#server/platform/host-names.ts'

type WebFingerRequest = FastifyRequest<{ Querystring: { resource?: unknown; rel?: unknown } }>

const resourceCharactersMax = 2_048
const everybody = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' }
const forPeers = { config: { access: 'peer' } } as const

/** WebFinger (RFC 7033) for our accounts, under the handle domain and the origin's host, and host-meta (RFC 6415), which leads there. */
export function webfingerRoutes(app: FastifyInstance, ctx: Context): void {
  const { origin } = ctx.config
  const template = `${origin}/.well-known/webfinger?resource={uri}`

  app.get('/.well-known/webfinger', forPeers, async (request: WebFingerRequest, reply) => {
    reply.headers(everybody)
    const { resource, rel } = request.query
    if (typeof resource !== 'string' || resource === '' || resource.length > resourceCharactersMax) {
      return reply.code(400).send({ error: 'The parameter resource must be given once, as an acct: or https: URI.' })
    }
    const account = await findSubject(ctx, resource)
    if (!account) return reply.code(404).send({ error: 'Nobody is known here under this name.' })
    if (account.deletedAt !== null) return reply.code(410).send({ error: 'This account is gone.' })
    reply.header('content-type', 'application/jrd+json; charset=utf-8')
    return reply.send(JSON.stringify(toJrd(ctx, account, rel)))
  })

  app.get('/.well-known/host-meta', forPeers, async (_request, reply) =>
    reply
      .headers({ ...everybody, 'content-type': 'application/xrd+xml; charset=utf-8' })
      .send(
        `<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="${template.replaceAll('&', '&amp;')}"/></XRD>\n`
      )
  )

  app.get('/.well-known/host-meta.json', forPeers, async (_request, reply) =>
    reply
      .headers({ ...everybody, 'content-type': 'application/json; charset=utf-8' })
      .send(JSON.stringify({ links: [{ rel: 'lrdd', type: 'application/jrd+json', template }] }))
  )
}

/** `acct:ana@host`, `@ana@host`, `ana@host`, `https://host/@ana`, in any case, where host is ours. */
async function findSubject(ctx: Context, resource: string): Promise<Account | undefined> {
  const { host, handleDomain, origin } = ctx.config
  const isOurs = (name: string | undefined) => name !== undefined && (name === host || name === handleDomain)
  if (/^https?:\/\//i.test(resource)) {
    const url = URL.parse(resource)
    if (!url || !isOurs(hostOf(url))) return undefined
    const instance = await findInstanceActor(ctx.db)
    const isInstance = instance && (url.pathname === '/' || `${origin}${url.pathname}` === instance.uri)
    const name = /^\/@([^/@]+)\/?$/.exec(url.pathname)?.[1]
    return isInstance ? instance : name === undefined ? undefined : findLocalAccount(ctx.db, name)
  }
  const [, name, at] = /^(?:acct:)?@?([^@\s/]+)@([^@\s/]+)$/i.exec(resource) ?? []
  if (name === undefined || at === undefined || !isOurs(normalizeHost(at))) return undefined
  return findLocalAccount(ctx.db, name)
}

function toJrd(ctx: Context, account: Account, rel: unknown): object {
  const { origin, handleDomain } = ctx.config
  const links = [
    { rel: 'self', type: activityJson, href: account.uri },
    { rel: 'http://webfinger.net/rel/profile-page', type: 'text/html', href: account.url ?? account.uri },
    { rel: 'http://ostatus.org/schema/1.0/subscribe', template: `${origin}/search?q={uri}` }
  ]
  const wanted = rel === undefined ? undefined : new Set([rel].flat())
  return {
    subject: `acct:${account.name}@${handleDomain}`,
    aliases: [account.uri],
    links: wanted ? links.filter((link) => wanted.has(link.rel)) : links
  }
}
