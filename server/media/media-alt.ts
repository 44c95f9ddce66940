import { Refusal } from '#server/errors.ts'
import { cleanText, countCharacters, withoutDirectionControls } from '#server/platform/clean-text.ts'

export const altCharactersMax = 1_500

/** Alternative text of one of ours, as it is kept. Refusal `invalid` when it is too long: what a person wrote is not cut. */
export function altOfOurs(text: string, field = 'alt'): string {
  const alt = cleanText(text).trim()
  if (countCharacters(alt) > altCharactersMax) throw new Refusal('invalid', 'media.altTooLong', { max: altCharactersMax }, field)
  return alt
}

/** Alternative text of a remote picture: cut where ours would be refused. */
export function altOfTheirs(text: string): string {
  return withoutDirectionControls(cleanText(text, altCharactersMax)).trim()
}

/** The point that stays visible when a picture is cropped: -1 to 1 on both axes (right and up are positive), 0 the middle. */
export interface Focus {
  x: number
  y: number
}

/** Kept as hundredths; what is no number in range is the middle. */
export function focusColumns(focus: Focus | undefined): { focusX: number; focusY: number } {
  return { focusX: hundredths(focus?.x), focusY: hundredths(focus?.y) }
}

function hundredths(value: number | undefined): number {
  return value !== undefined && Math.abs(value) <= 1 ? Math.round(value * 100) : 0
}
