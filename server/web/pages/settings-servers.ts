import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { hideDomain, listHiddenDomains, showDomain } from '#server/follows/hide-domain.ts'
import { cutCharacters } from '#server/platform/clean-text.ts'
import { setFlash } from '#server/web/flash.ts'
import { requiredText } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { redirectBack } from '#server/web/return-to.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const path = '/settings/servers'
const removePath = '/settings/servers/remove'
/** A word carried over a redirect is short. */
const domainCharactersMax = 120

/** `/settings/servers`: servers of which the reader wants to see nothing. */
export function settingsServersRoutes(app: FastifyInstance, ctx: Context): void {
  app.get(path, { config }, blank(show))
  app.get(removePath, { config }, async (_request, reply) => reply.redirect(path, 303))

  app.post(
    path,
    { config },
    submitted(show, async (request, reply, form) => {
      const { domain: typed } = form.parse({ domain: requiredText })
      const domain = await hideDomain(ctx, request.who!, { domain: typed })
      setFlash(reply, 'good', 'flash.serverHidden', { domain: cutCharacters(domain, domainCharactersMax) })
      return redirectBack(request, reply, { otherwise: path })
    })
  )
  app.post(removePath, { config }, async (request, reply) => {
    const domain = request.form.text('domain')
    await showDomain(ctx, request.who!, { domain })
    setFlash(reply, 'good', 'flash.serverShown', { domain: cutCharacters(domain, domainCharactersMax) })
    return redirectBack(request, reply, { otherwise: path })
  })
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, who, server } = request
  const domains = await listHiddenDomains(server.ctx.db, who!.account.id)
  const view = {
    tabs: settingsTabs(request, 'servers'),
    path,
    error: typed.error,
    domain: typed.input('domain'),
    removePath,
    servers: domains.map((domain) => ({ domain, name: t('servers.showName', { domain }) }))
  }
  return page(reply, 'settings-servers', view, { title: t('settings.servers'), status: typed.status })
}
