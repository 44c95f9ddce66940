import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { pseudoLanguage } from '#server/platform/messages.ts'
import { timeZones } from '#server/platform/time-zones.ts'
import { changeAppearance, lookChoices, usualLook } from '#server/sign-in/change-appearance.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const themes = ['system', 'light', 'dark'] as const

export function settingsAppearanceRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/settings/appearance', { config }, blank(show))

  app.post(
    '/settings/appearance',
    { config },
    submitted(show, async (request, reply, form) => {
      const { theme, timeZone, ...chosen } = form.parse({
        theme: v.picklist(themes, 'form.invalid'),
        timeZone: v.picklist(['', ...timeZones], 'form.invalid'),
        contrast: v.picklist(lookChoices.contrast, 'form.invalid'),
        motion: v.picklist(lookChoices.motion, 'form.invalid'),
        density: v.picklist(lookChoices.density, 'form.invalid'),
        textSize: v.picklist(lookChoices.textSize, 'form.invalid')
      })
      const look = { ...chosen, plainNames: form.has('plainNames'), shortcuts: form.has('shortcuts') }
      const language = form.has('language')
        ? form.parse({ language: v.picklist(languagesOf(ctx), 'form.invalid') }).language
        : request.who!.user.language
      await changeAppearance(ctx, request.who!, { theme, timeZone: timeZone === '' ? null : timeZone, language, look })
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect('/settings/appearance', 303)
    })
  )
}

function languagesOf(ctx: Context): string[] {
  return [...ctx.messages.languages, pseudoLanguage]
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t } = request
  const { ctx } = request.server
  const { user } = request.who as Person
  const settings = await ctx.settings.get()
  const { languages } = ctx.messages
  const look = user.look ?? usualLook
  const lookChoice = <Key extends keyof typeof lookChoices>(key: Key) =>
    typed.choice(
      key,
      lookChoices[key].map((value) => ({ value, label: t(`settings.${key}-${value}`) })),
      look[key]
    )
  const names = new Intl.DisplayNames([t.language], { type: 'language' })
  const view = {
    tabs: settingsTabs(request, 'appearance'),
    path: '/settings/appearance',
    error: typed.error,
    theme: typed.choice(
      'theme',
      themes.map((value) => ({ value, label: t(`settings.theme-${value}`) })),
      user.theme
    ),
    contrast: lookChoice('contrast'),
    motion: lookChoice('motion'),
    density: lookChoice('density'),
    textSize: lookChoice('textSize'),
    plainNames: typed.check('plainNames', look.plainNames),
    shortcuts: typed.check('shortcuts', look.shortcuts),
    timeZone: typed.choice(
      'timeZone',
      [
        { value: '', label: t('settings.timeZoneOfInstance', { zone: settings.timeZone }) },
        ...timeZones.map((value) => ({ value, label: value.replaceAll('_', ' ') }))
      ],
      user.timeZone ?? ''
    ),
    language:
      languages.length > 1
        ? typed.choice(
            'language',
            languages.map((value) => ({ value, label: names.of(value) ?? value })),
            user.language
          )
        : undefined
  }
  return page(reply, 'settings-appearance', view, { title: t('settings.appearance'), status: typed.status })
}
