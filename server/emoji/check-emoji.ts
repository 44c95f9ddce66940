import { checkEach, Refusal } from '#server/errors.ts'
import { cleanName, countCharacters } from '#server/platform/clean-text.ts'

/** Emoji of this instance; more are refused, since everybody who writes looks through them. */
export const ownEmojisMax = 2_000
/** A shortcode, in characters between the colons. */
export const shortcodeCharactersMin = 2
export const shortcodeCharactersMax = 64
export const categoryCharactersMax = 50
export const emojiAltCharactersMax = 200

const shortcodeForm = /^[A-Za-z0-9_]+$/

/** What one may say of an emoji again and again. */
export interface EmojiWords {
  /** Heading in lists; empty for none. */
  category: string
  /** What the picture shows; empty: the shortcode says it. */
  alt: string
  /** It is offered nowhere, but may be typed. */
  isHidden: boolean
}

/**
 * A shortcode as it is kept, with or without colons as typed. Refusals at `shortcode`: 'invalid' when it is too short or long, or has other characters
 * than letters and digits of ASCII and underscores, which is what other servers read. Pure.
 */
export function checkShortcode(typed: string): string {
  const shortcode = typed.trim().replace(/^:|:$/g, '')
  if (shortcode === '') throw new Refusal('invalid', 'form.required', {}, 'shortcode')
  if (!shortcodeForm.test(shortcode)) throw new Refusal('invalid', 'errors.shortcodeForm', {}, 'shortcode')
  if (shortcode.length < shortcodeCharactersMin || shortcode.length > shortcodeCharactersMax)
    throw new Refusal('invalid', 'errors.shortcodeLength', { min: shortcodeCharactersMin, max: shortcodeCharactersMax }, 'shortcode')
  return shortcode
}

/** Category and description as they are kept. Refusals: 'invalid' at `category` or `alt` when one is too long. Pure. */
export function checkWords({ category, alt, isHidden }: EmojiWords): EmojiWords {
  return checkEach({
    category: () => bounded(category, categoryCharactersMax, 'category'),
    alt: () => bounded(alt, emojiAltCharactersMax, 'alt'),
    isHidden: () => isHidden
  })
}

function bounded(text: string, limit: number, field: string): string {
  if (countCharacters(text.trim()) > limit) throw new Refusal('invalid', 'form.tooLong', { limit }, field)
  return cleanName(text, limit)
}
