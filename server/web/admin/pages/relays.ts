import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { Context } from '#server/context.ts'
import { addRelay } from '#server/moderation/add-relay.ts'
import { removeRelay } from '#server/moderation/remove-relay.ts'
import { listRelays } from '#server/peers/relays.ts'
import { admins } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { viewRelay } from '#server/web/admin/views/relays-view.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

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
