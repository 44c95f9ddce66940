import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { changeSettings, signUpModes, type SettingsChanges } from '#server/moderation/change-settings.ts'
import { timeZones } from '#server/platform/time-zones.ts'
import { admins } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { setFlash } from '#server/web/flash.ts'
import type { Form } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

/** What admins change while the instance runs. */
export function settingsRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/settings', { config: admins }, blank(show))

  app.post(
    '/settings',
    { config: admins },
    submitted(show, async (request, reply, form) => {
      await changeSettings(ctx, request.who!, readChanges(form))
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect('/admin/settings', 303)
    })
  )
}

function readChanges(form: Form): SettingsChanges {
  const max = form.text('postCharactersMax').trim()
  const changes: SettingsChanges = {
    name: form.text('name'),
    description: form.text('description'),
    contactEmail: form.text('contactEmail').trim(),
    signUp: form.text('signUp') as (typeof signUpModes)[number],
    postCharactersMax: /^\d{1,9}$/.test(max) ? Number(max) : Number.NaN,
    rules: form
      .text('rules')
      .split('\n')
      .map((rule) => rule.trim())
      .filter((rule) => rule !== ''),
    linkPreviews: form.has('linkPreviews'),
    sourceUrl: form.text('sourceUrl'),
    timeZone: form.text('timeZone')
  }
  return form.has('language') ? { ...changes, language: form.text('language') } : changes
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server } = request
  const { ctx } = server
  const settings = await ctx.settings.get()
  const { languages } = ctx.messages
  const names = new Intl.DisplayNames([t.language], { type: 'language' })
  const offered = timeZones.includes(settings.timeZone) ? timeZones : [settings.timeZone, ...timeZones]
  const view = {
    adminTabs: await adminTabs(request, 'settings'),
    path: '/admin/settings',
    error: typed.error,
    name: typed.input('name', settings.name),
    description: typed.input('description', settings.description),
    contactEmail: typed.input('contactEmail', settings.contactEmail),
    signUp: typed.choice(
      'signUp',
      signUpModes.map((value) => ({ value, label: t(`admin.signUp-${value}`), hint: t(`admin.signUpHint-${value}`) })),
      settings.signUp
    ),
    rules: typed.input('rules', settings.rules.join('\n')),
    postCharactersMax: typed.input('postCharactersMax', String(settings.postCharactersMax)),
    linkPreviews: typed.check('linkPreviews', settings.linkPreviews),
    sourceUrl: typed.input('sourceUrl', settings.sourceUrl),
    timeZone: typed.choice(
      'timeZone',
      offered.map((value) => ({ value, label: value.replaceAll('_', ' ') })),
      settings.timeZone
    ),
    language:
      languages.length > 1
        ? typed.choice(
            'language',
            languages.map((value) => ({ value, label: names.of(value) ?? value })),
            settings.language
          )
        : undefined
  }
  return page(reply, 'admin/settings', view, { title: t('admin.settings'), status: typed.status })
}
