import { dateOf, isRecord, type Json, listOf, textOf } from '#server/federation/normal-form/values.ts'
import { cleanName } from '#server/platform/clean-text.ts'
import { escapeHtml } from '#server/posts/render-text.ts'

const placeCharactersMax = 200

/** When and where an Event is, as the line above its text (HTML): days and hours in UTC as ISO 8601 writes them, since nobody's language is known. Empty when it says neither. */
export function readEventLine(json: Json): string {
  const times = [json.startTime, json.endTime].flatMap((value) => {
    const at = dateOf(value)
    return at === undefined ? [] : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  })
  const places = listOf(json.location).flatMap((place) => {
    const name = cleanName(textOf(isRecord(place) ? place.name : place), placeCharactersMax)
    return name === '' ? [] : name
  })
  const parts = [times.join(' – '), places[0] ?? ''].filter((part) => part !== '')
  return parts.length === 0 ? '' : `<p>${escapeHtml(parts.join(', '))}</p>`
}
