import { dateOf, flagOf, isRecord, type Json, listOf, textOf } from '#server/federation/normal-form/values.ts'
import type { NormalPoll } from '#server/federation/normal-form/types.ts'

/** Options read of one poll; how many are kept is decided later. */
const optionsMax = 50

/**
 * What a Question asks (ActivityStreams, section 5.4): one of `oneOf` or any of `anyOf`, single or in lists; `closed` is a date or true. Undefined
 * for whatever asks nothing.
 */
export function readPoll(json: Json): NormalPoll | undefined {
  const oneOf = listOf(json.oneOf).filter(isRecord)
  const anyOf = listOf(json.anyOf).filter(isRecord)
  const said = oneOf.length > 0 ? oneOf : anyOf
  if (said.length === 0) return undefined
  const closed = json.closed ?? json['as:closed']
  return {
    isMultiple: oneOf.length === 0,
    options: said.slice(0, optionsMax).map((option) => ({ name: readName(option), votes: readTotal(option.replies) })),
    endsAt: dateOf(json.endTime),
    closed: listOf(closed).some(flagOf) ? true : dateOf(closed),
    votersCount: countOf(json.votersCount)
  }
}

/** A name to the byte, since a vote has to repeat it; alone, or the first of a map of languages. */
export function readName(json: Json): string {
  const alone = textOf(json.name)
  return alone !== '' || !isRecord(json.nameMap) ? alone : textOf(Object.values(json.nameMap)[0])
}

/** How many replies an option has: a Collection, or its number alone. */
function readTotal(replies: unknown): number | undefined {
  const [collection] = listOf(replies)
  return countOf(isRecord(collection) ? collection.totalItems : collection)
}

function countOf(value: unknown): number | undefined {
  const [first] = listOf(value)
  const said = isRecord(first) ? first['@value'] : first
  const count = typeof said === 'string' && /^\d{1,15}$/.test(said) ? Number(said) : said
  return typeof count === 'number' && Number.isFinite(count) ? count : undefined
}
