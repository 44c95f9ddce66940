import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasRole } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { changeFirstContact, dropHeldOf, trustHost } from '#server/moderation/first-contact.ts'
import { firstContact, firstContactModes, type FirstContactMode } from '#server/peers/first-contact.ts'
import { listStrangers } from '#server/peers/list-strangers.ts'
import { admins, moderators } from '#server/web/admin/access.ts'
import { askToDrop } from '#server/web/admin/ask-to-drop.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const strangersShown = 100
const dayMs = 24 * 60 * 60_000

type ByHost = { Params: { host: string } }

/** How servers are met that nobody here has heard of, and those met lately. */
export function firstContactRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/first-contact', { config: moderators }, blank(show))

  app.post(
    '/first-contact',
    { config: admins },
    submitted(show, async (request, reply, form) => {
      const number = (name: string) => (/^\d{1,6}$/.test(form.text(name).trim()) ? Number(form.text(name)) : Number.NaN)
      const mode = form.text('mode') as FirstContactMode
      await changeFirstContact(ctx, request.who!, { mode, days: number('days'), newHostsPerHour: number('newHostsPerHour') })
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect('/admin/first-contact', 303)
    })
  )

  app.post<ByHost>('/first-contact/:host/trust', { config: moderators }, async (request, reply) => {
    const { host } = request.params
    await trustHost(ctx, request.who!, host)
    setFlash(reply, 'good', 'flash.hostTrusted', { host })
    return reply.redirect('/admin/first-contact', 303)
  })

  app.post<ByHost>('/first-contact/:host/drop', { config: moderators }, async (request, reply) => {
    const { t, params } = request
    const { host } = params
    const asking = askToDrop(request, reply, {
      heading: t('admin.heldDropHeading', { host }),
      consequences: [t('admin.heldDropExplained', { host }), t('admin.dropForGood')],
      label: t('admin.dropHeld'),
      path: `/admin/first-contact/${encodeURIComponent(host)}/drop`,
      cancelPath: '/admin/first-contact'
    })
    if (asking) return asking
    const count = await dropHeldOf(ctx, request.who!, host)
    setFlash(reply, 'good', 'flash.heldDropped', { count, host })
    return reply.redirect('/admin/first-contact', 303)
  })
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server, who } = request
  const { ctx } = server
  const { mode, days, newHostsPerHour } = await firstContact(ctx)
  const strangers = await listStrangers(ctx.db, ctx.clock.now() - days * dayMs, strangersShown + 1)
  const view = {
    adminTabs: await adminTabs(request, 'first-contact'),
    path: '/admin/first-contact',
    error: typed.error,
    form: hasRole(who, 'admin')
      ? {
          mode: typed.choice(
            'mode',
            firstContactModes.map((value) => ({
              value,
              label: t(`admin.firstContact-${value}`),
              hint: t(`admin.firstContactHint-${value}`)
            })),
            mode
          ),
          days: typed.input('days', String(days)),
          newHostsPerHour: typed.input('newHostsPerHour', String(newHostsPerHour))
        }
      : undefined,
    strangers: strangers.slice(0, strangersShown).map(({ host, firstSeenAt, peopleCount, heldCount }) => ({
      host,
      time: viewTime(request, firstSeenAt),
      text: t('admin.strangerText', { people: peopleCount, held: heldCount }),
      trustPath: `/admin/first-contact/${encodeURIComponent(host)}/trust`,
      trustName: t('admin.trustName', { host }),
      dropPath: heldCount > 0 ? `/admin/first-contact/${encodeURIComponent(host)}/drop` : undefined,
      dropName: t('admin.dropHeldName', { host }),
      limitPath: `/admin/domains?${new URLSearchParams({ domain: host })}#limit`
    })),
    hasMore: strangers.length > strangersShown
  }
  return page(reply, 'admin/first-contact', view, { title: t('admin.firstContact'), status: typed.status })
}
