import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export type Json = Record<string, unknown>

/** A document of a corpus: a JSON object, and the file it lies in below the corpus folder. */
export interface CorpusDocument {
  file: string
  json: Json
}

const notDocuments = new Set(['INDEX.json', 'package.json'])
export const actorTypes = new Set(['Person', 'Service', 'Application', 'Group', 'Organization'])
/** What other servers do, as opposed to what they do it to. */
export const activityTypes = new Set([
  'Accept',
  'Add',
  'Announce',
  'AnnounceRequest',
  'Block',
  'Create',
  'Delete',
  'Dislike',
  'EmojiReact',
  'Flag',
  'Follow',
  'Invite',
  'Join',
  'Leave',
  'Like',
  'LikeRequest',
  'Listen',
  'Lock',
  'Move',
  'QuoteRequest',
  'Read',
  'Reject',
  'Remove',
  'ReplyRequest',
  'Undo',
  'Update',
  'View',
  'Warn'
])

/** Every JSON object in the files of a folder, in the order of their names; a file that is no JSON object stands with an empty one. */
export function readCorpus(dir: string): CorpusDocument[] {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(json|jsonld|activity)$/i.test(entry.name) && !notDocuments.has(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return files.map((path) => ({ file: relative(dir, path), json: parse(readFileSync(path, 'utf8')) }))
}

function parse(text: string): Json {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The first of one value or a list. */
export function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value
}

export function typeOf(json: Json): string {
  const type = first(json.type)
  return typeof type === 'string' ? type : ''
}

/** The id of something given by id or whole. */
export function idOf(value: unknown): string | undefined {
  const one = first(value)
  const id = isObject(one) ? one.id : one
  return typeof id === 'string' && /^https?:\/\//.test(id) ? id : undefined
}

/** All objects with an id inside a document, the outermost first. */
export function identified(value: unknown, found: Json[] = []): Json[] {
  if (Array.isArray(value)) for (const each of value) identified(each, found)
  else if (isObject(value)) {
    if (idOf(value) !== undefined && typeOf(value) !== '') found.push(value)
    for (const each of Object.values(value)) identified(each, found)
  }
  return found
}

/**
 * The activity to post for a document, and who claims it: activities as they are, actors in an Update by themselves, anything else in a Create by
 * whom it is attributed to. Undefined when nobody claims it: it cannot be said by anybody.
 */
export function toActivity({ json, file }: CorpusDocument): { activity: Json; actor: string } | undefined {
  const type = typeOf(json)
  if (activityTypes.has(type)) {
    const actor = idOf(json.actor)
    return actor === undefined ? undefined : { activity: json, actor }
  }
  const id = idOf(json)
  const actor = actorTypes.has(type) ? id : (idOf(json.attributedTo) ?? idOf(json.actor))
  if (actor === undefined || id === undefined) return undefined
  const { '@context': context = 'https://www.w3.org/ns/activitystreams', ...object } = json
  return {
    actor,
    activity: {
      '@context': context,
      id: `${new URL(actor).origin}/corpus/${encodeURIComponent(file)}`,
      type: actorTypes.has(type) ? 'Update' : 'Create',
      actor,
      object,
      ...(json.to === undefined ? {} : { to: json.to }),
      ...(json.cc === undefined ? {} : { cc: json.cc })
    }
  }
}
