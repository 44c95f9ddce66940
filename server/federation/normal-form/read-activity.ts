import { dateOf, idOf, idsOf, isRecord, type Json, listOf, textOf, urlOf } from '#server/federation/normal-form/values.ts'
import { type NormalActivity, NormalFormFault, type NormalRef } from '#server/federation/normal-form/types.ts'
import { readEmojis } from '#server/federation/normal-form/read-emojis.ts'
import { publicAudience } from '#server/federation/vocabulary/context.ts'

const typeCharactersMax = 100

/** Reads compact AS2 as an activity. Throws NormalFormFault unless it has one type, one actor, and at most one id. */
export function readActivity(json: Json): NormalActivity {
  return {
    id: readOwnId(json),
    type: readOneType(json),
    actor: readActorId(json),
    objects: listOf(json.object).map(refOf),
    target: json.target === undefined ? undefined : refOf(listOf(json.target)[0]),
    instrument: json.instrument === undefined ? undefined : refOf(listOf(json.instrument)[0]),
    authorization: idOf(json.result ?? json.likeAuthorization ?? json.announceAuthorization ?? json.approvedBy),
    to: idsOrPublic(json.to),
    cc: [...new Set([json.cc, json.bto, json.bcc, json.audience].flatMap(idsOrPublic))],
    publishedAt: dateOf(json.published),
    endsAt: dateOf(json.endTime ?? json.expires),
    summary: textOf(json.summary),
    content: textOf(json.content),
    reaction: readReaction(json),
    isForwardable: isRecord(json.signature) || json.proof !== undefined
  }
}

const noReaction = { text: '', emojis: [] }

/** An emoji of Unicode, a `:shortcode:`, or anything else that somebody wrote there. */
export function readReaction(json: Json): NormalActivity['reaction'] {
  if (json._misskey_reaction === undefined && json.content === undefined) return noReaction
  const text = textOf(json._misskey_reaction) || textOf(json.content)
  return { text: text.trim(), emojis: readEmojis(listOf(json.tag).filter(isRecord)) }
}

const longActor = 'https://www.w3.org/ns/activitystreams#actor'

/**
 * Who speaks, from an activity nobody has checked yet: the same reading that everything later rests on. The long spellings of the word count before its JSON-LD
 * was expanded too; that both name the same is for the caller to compare.
 */
export function readActorId(json: Json): string {
  const actors = listOf(json.actor ?? json['as:actor'] ?? json[longActor])
  const actor = idOf(actors[0])
  if (actors.length !== 1 || actor === undefined) throw new NormalFormFault('An activity needs one actor, by an http(s) URL.')
  return actor
}

/** The id, when there is one; words that are no http(s) URL are none. Throws NormalFormFault for a list, or anything else that two readers may read in two ways. */
export function readOwnId(json: Json): string | undefined {
  if (json.id === undefined || json.id === null) return undefined
  if (typeof json.id !== 'string') throw new NormalFormFault('The id must be one http(s) URL.')
  return urlOf(json.id)
}

export function readTypes(json: Json): string[] {
  return listOf(json.type).filter((type): type is string => typeof type === 'string' && type.length <= typeCharactersMax)
}

function readOneType(json: Json): string {
  const [type, ...others] = readTypes(json)
  if (type === undefined || others.length > 0) throw new NormalFormFault('An activity needs one type.')
  return type
}

/** An object of which nothing but its id is said is a reference to it, as JSON-LD has it. */
function refOf(value: unknown): NormalRef {
  if (isRecord(value) && Object.keys(value).length === 1 && value.id !== undefined) return refOf(value.id)
  return isRecord(value) ? { id: urlOf(value.id), embedded: value } : { id: urlOf(value), embedded: undefined }
}

/** The two short spellings of the Public collection are made the long one; everything else must be an id. */
export function idsOrPublic(value: unknown): string[] {
  if (value === undefined) return []
  return idsOf(listOf(value).map((each) => (each === 'as:Public' || each === 'Public' ? publicAudience : each)))
}
