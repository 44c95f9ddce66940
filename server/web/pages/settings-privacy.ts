import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { changePrivacy } from '#server/sign-in/change-privacy.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

const config = { access: 'signed-in', cache: 'none' } as const

export function settingsPrivacyRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/settings/privacy', { config }, blank(show))

  app.post(
    '/settings/privacy',
    { config },
    submitted(show, async (request, reply, form) => {
      await changePrivacy(ctx, request.who!, {
        isDiscoverable: form.has('isDiscoverable'),
        isIndexable: form.has('isIndexable'),
        listsFollows: form.has('listsFollows'),
        provesPosts: form.has('provesPosts'),
        ...(form.has('creditSites') ? { creditSites: form.text('creditSites') } : {})
      })
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect('/settings/privacy', 303)
    })
  )
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { account, user } = request.who as Person
  const view = {
    tabs: settingsTabs(request, 'privacy'),
    path: '/settings/privacy',
    error: typed.error,
    isDiscoverable: typed.check('isDiscoverable', account.isDiscoverable),
    isIndexable: typed.check('isIndexable', account.isIndexable),
    listsFollows: typed.check('listsFollows', user.listsFollows),
    provesPosts: typed.check('provesPosts', user.provesPosts),
    creditSites: typed.input('creditSites', account.attributionDomains?.join('\n'))
  }
  return page(reply, 'settings-privacy', view, { title: request.t('settings.privacy'), status: typed.status })
}
