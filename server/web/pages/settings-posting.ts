import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { checkPolicies } from '#server/interactions/policy-choices.ts'
import { checkLanguage } from '#server/posts/check-draft.ts'
import { changePosting } from '#server/sign-in/change-posting.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import { languageChoice } from '#server/web/views/language-choice.ts'
import { policiesOf, toPolicyFields } from '#server/web/views/policy-fields.ts'
import type { SettingsPostingView } from '#server/web/views/settings-views.ts'
import { visibilityChoice } from '#server/web/views/visibility-view.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const visibilities = ['public', 'unlisted', 'followers', 'direct'] as const
/** Value of the choice that stands beside the visibilities: whatever was chosen last. */
const lastChosen = 'last'

/** What new posts begin with: who sees them, their language and form, and who may quote and answer them. */
export function settingsPostingRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/settings/posting', { config }, blank(show))

  app.post(
    '/settings/posting',
    { config },
    submitted(show, async (request, reply, form) => {
      const { visibility } = form.parse({ visibility: v.picklist([...visibilities, lastChosen], 'form.invalid') })
      const { canQuote = null, canReply = null } = checkPolicies(policiesOf(form))
      await changePosting(ctx, request.who!, {
        ...(visibility === lastChosen ? { keepsVisibility: true } : { keepsVisibility: false, defaultVisibility: visibility }),
        defaultLanguage: checkLanguage(form.text('language')),
        defaultSensitive: form.has('sensitive'),
        defaultMarkdown: form.has('markdown'),
        defaultCanQuote: canQuote,
        defaultCanReply: canReply
      })
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect('/settings/posting', 303)
    })
  )
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t } = request
  const { user } = request.who as Person
  const sent = typed.isSent ? typed.form.text('visibility') : ''
  const isLast = typed.isSent ? sent === lastChosen : user.keepsVisibility
  const choice = visibilityChoice(visibilities.find((each) => each === sent) ?? user.defaultVisibility, t)
  const last = { value: lastChosen, label: t('visibility.last'), hint: undefined, isSelected: isLast }
  const view: SettingsPostingView = {
    tabs: settingsTabs(request, 'posting'),
    path: '/settings/posting',
    error: typed.error,
    visibility: {
      error: typed.errorOf('visibility'),
      options: [...choice.options.map((option) => ({ ...option, isSelected: option.isSelected && !isLast })), last]
    },
    language: languageChoice(typed.isSent ? typed.form.text('language') || null : user.defaultLanguage, t, typed.errorOf('language')),
    sensitive: typed.check('sensitive', user.defaultSensitive),
    markdown: typed.check('markdown', user.defaultMarkdown),
    policies: toPolicyFields(typed, undefined, user, t, ['canQuote', 'canReply']).fields
  }
  return page(reply, 'settings-posting', view, { title: t('settings.posting'), status: typed.status })
}
