import { cleanName, cleanText } from '#server/platform/clean-text.ts'
import { readOwnId, readTypes } from '#server/federation/normal-form/read-activity.ts'
import { textIn } from '#server/federation/normal-form/read-content.ts'
import { readEmojis } from '#server/federation/normal-form/read-emojis.ts'
import { readKeys } from '#server/federation/normal-form/read-keys.ts'
import { pageUrlOf } from '#server/federation/normal-form/read-object.ts'
import { type NormalActor, NormalFormFault } from '#server/federation/normal-form/types.ts'
import { hostOf, normalizeHost } from '#server/platform/host-names.ts'
import { dateOf, flagOf, idOf, idsOf, isRecord, type Json, listOf, numberOf, textOf, urlOf } from '#server/federation/normal-form/values.ts'

const actorTypes = ['Person', 'Service', 'Application', 'Group', 'Organization'] as const
const nameCharactersMax = 100
const displayNameCharactersMax = 200
const fieldsMax = 20
const fieldNameCharactersMax = 255
const fieldValueCharactersMax = 2_000
const aliasesMax = 50
const attributionDomainsMax = 100

export function isActorType(type: string): boolean {
  return actorTypes.some((each) => each === type)
}

/** Reads compact AS2 as an actor. Throws NormalFormFault unless it has an id, an actor's type, a name that can stand in a handle, and an inbox. */
export function readActor(json: Json): NormalActor {
  const types = readTypes(json)
  const type = actorTypes.find((each) => types.includes(each))
  const id = readOwnId(json)
  if (type === undefined) throw new NormalFormFault(`${types[0] ?? 'This'} is no type of an actor.`)
  if (id === undefined) throw new NormalFormFault('An actor needs an id.')
  const inbox = urlOf(json.inbox)
  if (inbox === undefined) throw new NormalFormFault('An actor needs an inbox.')
  const name = handleNameOf(json, id)
  const endpoints = listOf(json.endpoints).find(isRecord)
  return {
    id,
    type,
    name,
    displayName: cleanName(textIn(json, 'name').text, displayNameCharactersMax) || name,
    bioHtml: textIn(json, 'summary').text,
    fields: listOf(json.attachment).filter(isRecord).flatMap(fieldOf).slice(0, fieldsMax),
    url: pageUrlOf(json.url, hostOf(id)),
    avatarUrl: pictureUrlOf(json.icon),
    headerUrl: pictureUrlOf(json.image),
    inbox,
    sharedInbox: urlOf(endpoints?.sharedInbox) ?? urlOf(json.sharedInbox),
    outbox: idOf(json.outbox),
    followers: idOf(json.followers),
    following: idOf(json.following),
    featured: idOf(json.featured),
    isLocked: flagOf(json.manuallyApprovesFollowers),
    isDiscoverable: json.discoverable !== false,
    isIndexable: flagOf(json.indexable),
    attributionDomains: attributionDomainsOf(json),
    isSuspended: flagOf(json.suspended),
    isMemorial: flagOf(json.memorial),
    emojis: readEmojis(listOf(json.tag).filter(isRecord)),
    alsoKnownAs: idsOf(json.alsoKnownAs).slice(0, aliasesMax),
    movedTo: idOf(json.movedTo),
    publishedAt: dateOf(json.published),
    ...readKeys(json)
  }
}

/** preferredUsername; without one (some bots and relays) the last part of the id. */
function handleNameOf(json: Json, id: string): string {
  const said = textOf(json.preferredUsername)
  const name = said || (new URL(id).pathname.split('/').findLast((part) => part !== '') ?? new URL(id).hostname)
  // What a mention or an acct: address could not carry is no name.
  if (name.length > nameCharactersMax || !/^[\p{L}\p{M}\p{N}_.~-]+$/u.test(name))
    throw new NormalFormFault('The preferredUsername cannot stand in a handle.')
  return name
}

/** Host names as Mastodon lists them, by WordPress' context as ids; what is none is left out. */
function attributionDomainsOf({ attributionDomains }: Json): string[] {
  const hosts = listOf(attributionDomains).map((each) => normalizeHost(textOf(isRecord(each) ? each.id : each)))
  return [...new Set(hosts.filter((host) => host !== undefined))].slice(0, attributionDomainsMax)
}

function fieldOf(json: Json): { name: string; valueHtml: string }[] {
  if (!readTypes(json).includes('PropertyValue')) return []
  const name = cleanName(textOf(json.name), fieldNameCharactersMax)
  return name === '' ? [] : [{ name, valueHtml: cleanText(textOf(json.value), fieldValueCharactersMax) }]
}

/** Of several sizes the widest (PeerTube). */
function pictureUrlOf(value: unknown): string | undefined {
  const widthOf = (picture: unknown) => (isRecord(picture) ? (numberOf(picture.width) ?? 0) : 0)
  const [picture] = listOf(value).sort((a, b) => widthOf(b) - widthOf(a))
  if (!isRecord(picture)) return urlOf(picture)
  const [link] = listOf(picture.url ?? picture.href)
  return isRecord(link) ? urlOf(link.href) : urlOf(link)
}
