import { dateOf, isRecord, type Json, listOf, textOf, urlOf } from '#server/federation/normal-form/values.ts'
import { cleanName } from '#server/platform/clean-text.ts'
import { escapeHtml } from '#server/posts/render-text.ts'

const placeCharactersMax = 200
const placesMax = 3
const zoneName = /^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/
const offsetAtEnd = /([+-])(\d{2}):?(\d{2})$/
const minuteMs = 60_000

/** How far the clock of a place is ahead of UTC at a moment, and what its zone is called. */
interface Zone {
  name: string
  aheadMsAt(at: number): number
}

/**
 * When and where an Event is, as the line above its text (HTML): days and hours on the clock of the place, as ISO 8601 writes them and with the name of their zone, since nobody's
 * language is known. Empty when it says neither.
 */
export function readEventLine(json: Json): string {
  const places = listOf(json.location).slice(0, placesMax).flatMap(placeHtml)
  const parts = [readTimes(json), ...new Set(places)].filter((part) => part !== '')
  return parts.length === 0 ? '' : `<p>${parts.join(', ')}</p>`
}

function readTimes(json: Json): string {
  const start = dateOf(json.startTime)
  const end = dateOf(json.endTime)
  const zone = zoneOf(json)
  const local = [start, end].flatMap((at) => (at === undefined ? [] : clockOf(at, zone)))
  const [from = '', until] = local
  // Whatever ends on the day it began says the day once.
  const shown = until?.slice(0, 10) === from.slice(0, 10) ? until?.slice(11) : until
  if (from === '') return ''
  return escapeHtml(`${[from, shown].filter((part) => part !== undefined).join(' – ')} (${zone.name})`)
}

function clockOf(at: number, zone: Zone): string[] {
  const moment = new Date(at + zone.aheadMsAt(at))
  return Number.isNaN(moment.getTime()) ? [] : [moment.toISOString().slice(0, 16).replace('T', ' ')]
}

/** `timezone` (Mobilizon, WordPress), else what the time itself says, else UTC. */
function zoneOf(json: Json): Zone {
  return namedZone(textOf(json.timezone)) ?? writtenZone(textOf(json.startTime)) ?? { name: 'UTC', aheadMsAt: () => 0 }
}

function namedZone(name: string): Zone | undefined {
  if (!zoneName.test(name)) return undefined
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' })
    const offsetAt = (at: number) => format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    return { name, aheadMsAt: (at) => aheadMs(offsetAt(at)) }
  } catch (error) {
    // A zone that nobody knows is as good as none.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function writtenZone(time: string): Zone | undefined {
  const ahead = aheadMs(time)
  const [offset = ''] = offsetAtEnd.exec(time) ?? []
  return ahead === 0 ? undefined : { name: `UTC${offset}`, aheadMsAt: () => ahead }
}

/** Of `+01:00` at the end of a text; 0 where there is none. */
function aheadMs(text: string): number {
  const [, sign, hours = '0', minutes = '0'] = offsetAtEnd.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minuteMs
}

/** The name of a place and its address, or the address of a meeting on the web. */
function placeHtml(place: unknown): string[] {
  if (!isRecord(place)) return textHtml([place])
  const [address] = listOf(place.address)
  const street = isRecord(address)
    ? [address.streetAddress, [address.postalCode, address.addressLocality].map(textOf).join(' '), address.addressCountry]
    : [address]
  const [named = ''] = textHtml([place.name, ...street])
  const url = urlOf(place.url)
  if (listOf(place.type)[0] !== 'VirtualLocation' || url === undefined) return named === '' ? [] : [named]
  return [`<a href="${escapeHtml(url)}">${named || escapeHtml(url)}</a>`]
}

function textHtml(values: readonly unknown[]): string[] {
  const names = values.map((value) => cleanName(textOf(value), placeCharactersMax)).filter((name) => name !== '')
  return names.length === 0 ? [] : [escapeHtml([...new Set(names)].join(', '))]
}
