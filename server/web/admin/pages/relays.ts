import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { Context } from '#server/context.ts'
import { addRelay } from '#server/moderation/add-relay.ts'
import { removeRelay } from '#server/moderation/remove-relay.ts'
import { fetchesPerHourMax, listRelays, type Relay } from '#server/peers/relays.ts'
import { admins } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import type { AdminRelaysView } from '#server/web/admin/views/admin-views.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const hourMs = 3_600_000

/** Relays: where public posts go beside followers, and where others come from. */
export function relayRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/relays', { config: admins }, blank(show))

  app.post(
    '/relays',
    { config: admins },
    submitted(show, async (request, reply, form) => {
      const { url } = form.parse({ url: v.pipe(v.string(), v.trim(), v.minLength(1, 'form.required')) })
      await addRelay(ctx, request.who!, { url })
      setFlash(reply, 'good', 'flash.relayAdded')
      return reply.redirect('/admin/relays', 303)
    })
  )

  app.post<IdRequest>('/relays/:id/removal', { config: admins }, async (request, reply) => {
    await removeRelay(ctx, request.who!, { relayId: idAsked(request) })
    setFlash(reply, 'good', 'flash.relayRemoved')
    return reply.redirect('/admin/relays', 303)
  })
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server } = request
  const relays = await listRelays(server.ctx.db)
  const view = {
    adminTabs: await adminTabs(request, 'relays'),
    path: '/admin/relays',
    error: typed.error,
    url: typed.input('url'),
    relays: relays.map(({ relay, lastError }) => viewRelay(request, relay, lastError))
  }
  return page(reply, 'admin/relays', view, { title: t('admin.relays'), status: typed.status })
}

function viewRelay(request: FastifyRequest, relay: Relay, lastError: string | null): AdminRelaysView['relays'][number] {
  const { t, server } = request
  const address = relay.kind === 'mastodon' ? relay.inboxUrl : (relay.actorUri ?? relay.inboxUrl)
  const isThisHour = relay.hourStartedAt > server.ctx.clock.now() - hourMs
  return {
    address,
    kindText: t(`admin.relayKind-${relay.kind}`),
    stateText: t(`admin.relayState-${relay.state}`),
    isGood: relay.state === 'accepted',
    isBad: relay.state === 'rejected',
    added: viewTime(request, relay.addedAt),
    heard: relay.heardAt === null ? undefined : viewTime(request, relay.heardAt),
    fetchesText:
      relay.heardAt === null
        ? undefined
        : t('admin.relayFetches', { count: isThisHour ? relay.fetchesCount : 0, limit: fetchesPerHourMax }),
    errorText: lastError === null ? undefined : t('admin.relayError', { error: lastError }),
    removePath: `/admin/relays/${relay.id}/removal`,
    removeName: t('admin.relayRemoveName', { address })
  }
}
