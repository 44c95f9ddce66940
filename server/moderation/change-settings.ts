import * as v from 'valibot'
import { requireRole, type Who } from '#server/accounts/who.ts'
import {
  descriptionCharactersMax,
  instanceNameCharactersMax,
  postCharactersLimit,
  ruleCharactersMax,
  rulesMax,
  sourceUrlCharactersMax
} from '#server/config/setting-limits.ts'
import type { Context } from '#server/context.ts'
import { Refusal, refuseFields } from '#server/errors.ts'
import { record } from '#server/facts.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import type { Settings } from '#server/platform/settings.ts'
import { isTimeZone } from '#server/platform/time-zones.ts'

export const signUpModes = ['approval', 'open', 'invite', 'closed'] as const

/** What admins change; each of them may be left as it is. */
export type SettingsChanges = Partial<
  Pick<
    Settings,
    | 'name'
    | 'description'
    | 'contactEmail'
    | 'language'
    | 'timeZone'
    | 'signUp'
    | 'postCharactersMax'
    | 'rules'
    | 'linkPreviews'
    | 'sourceUrl'
  >
>

/**
 * Changes settings of the instance, everywhere within a second. Only what really differs is written and put into the audit log; returns the names of that.
 * Refuses `forbidden` whoever is no admin, and `invalid` at the field of each value that is wrong.
 */
export async function changeSettings(ctx: Context, who: Who, changes: SettingsChanges): Promise<string[]> {
  requireRole(who, 'admin')
  const checked = check(ctx, changes)
  const now = await ctx.settings.get()
  const changed = Object.entries(checked).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(now[key as keyof Settings]))
  const keys = changed.map(([key]) => key)
  if (keys.length === 0) return []
  await ctx.transact(async (tx) => {
    await ctx.settings.change(tx, Object.fromEntries(changed))
    await recordAudit(tx, who, {
      act: 'settings-changed',
      targetKind: 'setting',
      target: keys.join(','),
      targetLabel: keys.join(', '),
      details: { keys }
    })
    await record(tx, 'settings-changed', {})
  })
  return keys
}

function check(ctx: Context, changes: SettingsChanges): SettingsChanges {
  const line = (max: number) => v.pipe(v.string(), v.trim(), v.maxLength(max, 'form.tooLong'), v.regex(/^[^\p{Cc}]*$/u, 'form.oneLine'))
  const schemas: { [K in keyof SettingsChanges]-?: v.GenericSchema<unknown, Settings[K]> } = {
    name: v.pipe(line(instanceNameCharactersMax), v.minLength(1, 'form.required')),
    description: v.pipe(v.string(), v.trim(), v.maxLength(descriptionCharactersMax, 'form.tooLong')),
    contactEmail: v.pipe(
      v.string(),
      v.trim(),
      v.check((value) => value === '' || v.EMAIL_REGEX.test(value), 'form.emailShape')
    ),
    language: v.picklist(ctx.messages.languages, 'form.invalid'),
    timeZone: v.pipe(v.string(), v.check(isTimeZone, 'form.invalid')),
    signUp: v.picklist(signUpModes, 'form.invalid'),
    postCharactersMax: v.pipe(
      v.number('errors.numberBetween'),
      v.integer('errors.numberBetween'),
      v.minValue(postCharactersLimit.min, 'errors.numberBetween'),
      v.maxValue(postCharactersLimit.max, 'errors.numberBetween')
    ),
    rules: v.pipe(v.array(v.pipe(line(ruleCharactersMax), v.minLength(1, 'form.required'))), v.maxLength(rulesMax, 'form.tooMany')),
    linkPreviews: v.boolean('form.invalid'),
    sourceUrl: v.pipe(line(sourceUrlCharactersMax), v.check(isNoneOrWebAddress, 'errors.webAddress'))
  }
  const checked: Record<string, unknown> = {}
  const refusals: Refusal[] = []
  for (const [key, value] of Object.entries(changes)) {
    const result = v.safeParse(schemas[key as keyof SettingsChanges], value, { abortEarly: true })
    if (result.success) checked[key] = result.output
    else refusals.push(refusalOf(key, result.issues[0]))
  }
  refuseFields(refusals)
  return checked
}

/** A web address without a name and password in it, or nothing. */
function isNoneOrWebAddress(address: string): boolean {
  if (address === '') return true
  if (!URL.canParse(address)) return false
  const { protocol, username, password } = new URL(address)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
}

function refusalOf(field: string, { message, requirement }: v.BaseIssue<unknown>): Refusal {
  if (message === 'errors.numberBetween') return new Refusal('invalid', message, postCharactersLimit, field)
  return new Refusal('invalid', message, typeof requirement === 'number' ? { limit: requirement } : {}, field)
}
