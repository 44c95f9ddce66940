import { Refusal } from '#server/errors.ts'
import { cleanName, countCharacters } from '#server/platform/clean-text.ts'

/** What a person may ask: so many options of so many characters, for so long. */
export const pollLimits = { optionsMin: 2, optionsMax: 8, optionCharactersMax: 100, lastsMinS: 300, lastsMaxS: 30 * 86_400 } as const

/** A poll as a person writes it. */
export interface DraftPoll {
  /** As typed, in order; empty ones are left out. Option n of a refusal is the field `pollOption<n>`, counted from 1 with the empty ones. */
  options: readonly string[]
  isMultiple: boolean
  /** How long it lasts from now, in seconds; absent at an edit keeps its end. */
  lastsS?: number
}

export interface CheckedPoll {
  options: string[]
  isMultiple: boolean
  /** Undefined keeps the end it has. */
  lastsMs: number | undefined
}

/**
 * A poll held against the limits. Refusal('invalid') names the field: too few options or too many, one too long or there twice, or a time that is
 * too short or too long. Pure.
 */
export function checkPoll({ options, isMultiple, lastsS }: DraftPoll): CheckedPoll {
  const { optionsMin, optionsMax, optionCharactersMax } = pollLimits
  const kept = new Set<string>()
  for (const [index, typed] of options.entries()) {
    // More than the limit is cleaned, so that what is too long is refused and not cut.
    const option = cleanName(typed, optionCharactersMax * 10)
    const field = `pollOption${index + 1}`
    if (countCharacters(option) > optionCharactersMax)
      throw new Refusal('invalid', 'errors.pollOptionTooLong', { max: optionCharactersMax }, field)
    if (kept.has(option)) throw new Refusal('invalid', 'errors.pollOptionTwice', {}, field)
    if (option !== '') kept.add(option)
    if (kept.size > optionsMax) throw new Refusal('invalid', 'errors.pollTooManyOptions', { max: optionsMax }, field)
  }
  if (kept.size < optionsMin) {
    const empty = options.findIndex((typed) => cleanName(typed) === '')
    throw new Refusal('invalid', 'errors.pollTooFewOptions', { min: optionsMin }, `pollOption${empty === -1 ? 1 : empty + 1}`)
  }
  return { options: [...kept], isMultiple, lastsMs: lastsS === undefined ? undefined : checkDuration(lastsS) * 1_000 }
}

function checkDuration(seconds: number): number {
  if (Number.isSafeInteger(seconds) && seconds >= pollLimits.lastsMinS && seconds <= pollLimits.lastsMaxS) return seconds
  throw new Refusal('invalid', 'errors.pollDuration', {}, 'pollEnds')
}
