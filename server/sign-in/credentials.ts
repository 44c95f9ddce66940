import { Refusal } from '#server/errors.ts'
import { countCharacters } from '#server/platform/clean-text.ts'

export const passwordCharactersMin = 10
export const passwordCharactersMax = 200
const emailCharactersMax = 254
/** As much of a typed address as the page after it repeats: the word is carried in a cookie. */
export const emailCharactersShown = 120

/** One mailbox, without anything that could become a header or an SMTP command; what mail servers make of it, the confirmation shows. */
const emailShape = /^[^\s\p{Cc}\p{Cf}<>()[\]\\,;:"@]{1,64}@[^\s\p{Cc}\p{Cf}<>()[\]\\,;:"@.][^\s\p{Cc}\p{Cf}<>()[\]\\,;:"@]{0,252}$/u

/** A typed address, trimmed. Refusal at the field `email` (or the one named) when it is none. */
export function readEmail(typed: string, field = 'email'): string {
  const email = typed.trim()
  if (email === '') throw new Refusal('invalid', 'form.required', {}, field)
  if (email.length > emailCharactersMax || !emailShape.test(email)) throw new Refusal('invalid', 'form.emailShape', {}, field)
  return email
}

/** Under which an address is found: hosts have no case, and people do not remember that of the rest. */
export function emailKeyOf(email: string): string {
  return email.normalize('NFKC').toLowerCase()
}

/** Refuses passwords that are missing, too short, too long, or the first that anybody would try. */
export function refuseWeakPassword(password: string, known: { name: string; email: string; host: string }, field = 'password'): void {
  if (password === '') throw new Refusal('invalid', 'form.required', {}, field)
  const length = countCharacters(password)
  if (length < passwordCharactersMin) throw new Refusal('invalid', 'form.passwordShort', { limit: passwordCharactersMin }, field)
  if (length > passwordCharactersMax) throw new Refusal('invalid', 'form.passwordLong', { limit: passwordCharactersMax }, field)
  const plain = password.toLowerCase()
  const guesses = [
    known.name,
    known.email,
    known.email.split('@', 1)[0]!,
    known.host,
    `@${known.name}@${known.host}`,
    `${known.name}@${known.host}`
  ]
  const isOneCharacter = new Set(plain).size === 1
  if (isOneCharacter || guesses.some((guess) => isMostly(plain, guess.toLowerCase())))
    throw new Refusal('invalid', 'form.passwordGuessable', {}, field)
}

/** The guess, alone, over and over, or with a few digits behind it. */
function isMostly(password: string, guess: string): boolean {
  return guess !== '' && /^[\d!.?_-]*$/.test(password.replaceAll(guess, '')) && password.includes(guess)
}
