import type { Translate } from '#server/platform/messages.ts'
import { type DraftPoll, pollLimits } from '#server/polls/check-poll.ts'
import type { Poll } from '#server/polls/find-poll.ts'
import type { Form } from '#server/web/form.ts'
import type { Typed } from '#server/web/typed.ts'
import type { PollFieldsView } from '#server/web/views/poll-view.ts'

/** Fields for options that an empty composer shows. */
const optionsShown = 4
const minuteS = 60
const hourS = 60 * minuteS
const dayS = 24 * hourS
const durationsS = [5 * minuteS, 30 * minuteS, hourS, 6 * hourS, 12 * hourS, dayS, 3 * dayS, 7 * dayS, 14 * dayS, 30 * dayS]
const optionNames = Array.from({ length: pollLimits.optionsMax }, (_, index) => `pollOption${index + 1}`)

/** The poll that a form holds; null when its fields are empty, undefined when it has none. */
export function pollOf(form: Form): DraftPoll | null | undefined {
  if (!optionNames.some((name) => form.has(name))) return undefined
  const options = pollOptionsIn(form)
  if (options.every((option) => option.trim() === '')) return null
  const ends = form.text('pollEnds')
  return { options, isMultiple: form.text('pollChoice') === 'many', ...(ends === '' ? {} : { lastsS: Number(ends) }) }
}

/** The options of a form as they were typed, empty ones included. */
export function pollOptionsIn(form: Form): string[] {
  const count = optionNames.findLastIndex((name) => form.has(name)) + 1
  return optionNames.slice(0, count).map((name) => form.text(name))
}

/** Writes a poll into a form, as somebody would. */
export function addPollFields(form: Form, { options, isMultiple, lastsS }: DraftPoll): void {
  for (const [at, option] of options.slice(0, optionNames.length).entries()) form.add(optionNames[at]!, option)
  form.add('pollChoice', isMultiple ? 'many' : 'one')
  if (lastsS !== undefined) form.add('pollEnds', String(lastsS))
}

/** The poll's part of the composer: blank, as the post has it, or as it was typed. */
export function toPollFields(typed: Typed, stored: Poll | undefined, t: Translate): PollFieldsView {
  const { form } = typed
  const typedCount = typed.isSent ? optionNames.filter((name) => form.has(name)).length : 0
  const count = Math.max(optionsShown, stored?.options.length ?? 0, typedCount) + (form.has('addOption') ? 1 : 0)
  const options = optionNames.slice(0, count).map((name, index) => ({
    ...typed.input(name, stored?.options[index]?.text),
    name,
    id: `composer-${name}`,
    label: t('poll.option', { number: index + 1 })
  }))
  const many = [
    { value: 'one', label: t('poll.chooseOne') },
    { value: 'many', label: t('poll.chooseMany') }
  ]
  const durations = durationsS.map((seconds) => ({ value: String(seconds), label: durationText(seconds, t) }))
  const kept = stored ? [{ value: '', label: t('poll.endsAsBefore') }] : []
  const isWrong = [...options.map(({ name }) => name), 'pollEnds'].some((name) => typed.errorOf(name) !== undefined)
  return {
    isOpen: isWrong || form.has('addOption') || typedCount > optionsShown || options.some(({ value }) => value !== ''),
    options,
    mayAdd: options.length < optionNames.length,
    optionCharactersMax: pollLimits.optionCharactersMax,
    choice: typed.choice('pollChoice', many, stored?.isMultiple ? 'many' : 'one'),
    ends: typed.choice('pollEnds', [...kept, ...durations], stored ? '' : String(dayS)),
    note: stored && t('poll.changeNote')
  }
}

function durationText(seconds: number, t: Translate): string {
  if (seconds < hourS) return t('poll.minutes', { count: seconds / minuteS })
  return seconds < dayS ? t('poll.hours', { count: seconds / hourS }) : t('poll.days', { count: seconds / dayS })
}
