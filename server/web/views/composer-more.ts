import type { FastifyRequest } from 'fastify'
import { Typed } from '#server/web/typed.ts'
import type { ComposerMoreView } from '#server/web/views/composer-view.ts'
import { languageChoice } from '#server/web/views/language-choice.ts'
import { toPolicyFields } from '#server/web/views/policy-fields.ts'
import { toPollFields } from '#server/web/views/poll-fields.ts'
import type { ComposerOptions } from '#server/web/views/to-composer.ts'

const checks = ['sensitive', 'markdown', 'localOnly'] as const

/** What of the composer is folded away; it opens by itself where something in it was typed, or is wrong. */
export function toComposerMore({ t, who }: FastifyRequest, options: ComposerOptions): ComposerMoreView {
  const { kind, post, typed = new Typed() } = options
  const poll = toPollFields(typed, options.poll, t)
  const policies = toPolicyFields(typed, post, who?.user, t)
  const usual = {
    sensitive: post ? post.isSensitive && post.warning === '' : (who?.user.defaultSensitive ?? false),
    markdown: post ? post.isMarkdown : (who?.user.defaultMarkdown ?? false),
    localOnly: options.isLocalOnly ?? false
  }
  const language = post ? post.language : (who?.user.defaultLanguage ?? null)
  const schedule = { at: typed.input('publishAt'), hint: t('composer.scheduleHint', { zone: t.timeZone.replaceAll('_', ' ') }) }
  const isScheduleUsed = schedule.at.value !== '' || schedule.at.error !== undefined
  const isUnusual = checks.some((name) => typed.check(name, usual[name]).isChecked !== usual[name] || typed.errorOf(name) !== undefined)
  const isPolicyTyped = policies.isOpen && typed.isSent
  return {
    isOpen: poll.isOpen || isScheduleUsed || isUnusual || isPolicyTyped,
    language: languageChoice(typed.isSent ? typed.form.text('language') || null : language, t, typed.errorOf('language')),
    poll,
    policies,
    sensitive: typed.check('sensitive', usual.sensitive),
    markdown: typed.check('markdown', usual.markdown),
    localOnly: kind === 'edit' ? undefined : typed.check('localOnly', usual.localOnly),
    schedule: kind === 'edit' ? undefined : schedule
  }
}
