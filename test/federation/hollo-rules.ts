import {
  Accept,
  type Activity,
  type Actor,
  Add,
  Announce,
  Article,
  Block,
  Create,
  Delete,
  Document,
  Emoji,
  EmojiReact,
  Flag,
  Follow,
  Image,
  isActor,
  Like,
  Link,
  Mention,
  Move,
  Note,
  PropertyValue,
  PUBLIC_COLLECTION,
  Question,
  Reject,
  Remove,
  Tombstone,
  Undo,
  Update,
  type Object as AnyObject
} from '@fedify/fedify/vocab'
import type { Hollo, Listener } from '#test/federation/hollo.ts'

/** What Hollo makes of a post: undefined parts are those it does not find. */
export interface ReadPost {
  audience: 'public' | 'unlisted' | 'private' | 'direct'
  mentions: string[]
  files: { type: string | null; url: string; description: string | undefined }[]
  emojis: string[]
  options: [string, number][]
  quoted: string | undefined
  /** Why it would be passed over, or misread. */
  faults: string[]
}

const jsonType = /^application\/(?:ld\+json|activity\+json)/

export async function readAsPost(object: AnyObject, followers: URL | null): Promise<ReadPost> {
  const post: ReadPost = {
    audience: audienceOf(object, followers),
    mentions: [],
    files: [],
    emojis: [],
    options: [],
    quoted: undefined,
    faults: []
  }
  const { faults } = post
  if (!(object instanceof Note || object instanceof Question || object instanceof Article)) return { ...post, faults: ['no kind of post'] }
  const author = await object.getAttribution()
  if (object.id === null || object.id.origin !== object.attributionId?.origin) faults.push('it is of another server than its author')
  if (!isActor(author)) faults.push('nobody wrote it')
  if (object.name !== null && object instanceof Note) faults.push('it has a name, as votes have')
  if (object.published === null) faults.push('it has no time')
  if (object.content === null) faults.push('it has no content')
  if (object.url === null) faults.push('it has no page')
  for await (const tag of object.getTags()) {
    if (tag instanceof Mention) post.mentions.push(`${tag.name} ${tag.href}`)
    else if (tag instanceof Emoji) post.emojis.push(`${tag.name} ${(await tag.getIcon())?.url}`)
    else if (tag instanceof Link && jsonType.test(tag.mediaType ?? '')) post.quoted ??= String(tag.href)
  }
  const said = object.quoteId ?? object.quoteUrl
  if (said !== null && post.quoted !== undefined && post.quoted !== said.href) faults.push('its link and its quote are two')
  post.quoted ??= said?.href
  for await (const file of object.getAttachments()) {
    if (file instanceof Document || file instanceof Image)
      post.files.push({ type: file.mediaType, url: String(file.url), description: file.name?.toString() })
  }
  if (object instanceof Question) {
    for await (const option of [...(await all(object.getExclusiveOptions())), ...(await all(object.getInclusiveOptions()))]) {
      const count = option instanceof Note ? (await option.getReplies())?.totalItems : undefined
      post.options.push([String(option.name), count ?? Number.NaN])
    }
    if (object.endTime === null) faults.push('the poll has no end')
  }
  return post
}

function audienceOf(object: AnyObject, followers: URL | null): ReadPost['audience'] {
  const tos = object.toIds.map(String)
  if (tos.includes(PUBLIC_COLLECTION.href)) return 'public'
  if (object.ccIds.map(String).includes(PUBLIC_COLLECTION.href)) return 'unlisted'
  return followers !== null && tos.includes(followers.href) ? 'private' : 'direct'
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

/** Its name is asked for both ways: by its address, and back. */
export async function faultsOfActor({ context }: Hollo, actor: Actor): Promise<string[]> {
  const faults: string[] = []
  if (actor.id === null || actor.inboxId === null) faults.push('it has no id or no inbox')
  if (actor.name === null && actor.preferredUsername === null) faults.push('it has no name')
  const named = actor.id && (await context.lookupWebFinger(actor.id))
  const back = named?.subject === undefined ? null : await context.lookupWebFinger(named.subject)
  if (!named?.subject?.startsWith(`acct:${actor.preferredUsername}@`)) faults.push(`its handle is ${named?.subject}`)
  if (!back?.aliases?.includes(String(actor.id))) faults.push(`${named?.subject} is ${back?.aliases?.join()}`)
  if ((await actor.getFollowers({ suppressError: true }))?.totalItems === null) faults.push('its followers are not counted')
  for await (const field of actor.getAttachments()) {
    if (field instanceof PropertyValue && (field.name === null || field.value === null)) faults.push('a field is empty')
  }
  const keys = [...(await all(actor.getPublicKeys())), ...(await all(actor.getAssertionMethods()))]
  if (keys.some((key) => (key as { ownerId?: URL }).ownerId !== undefined && (key as { ownerId?: URL }).ownerId?.href !== actor.id?.href))
    faults.push('a key of somebody else')
  return faults
}

/** Notes what Hollo would refuse, or pass over in silence, of each activity that comes. */
export function watchAsHollo(hollo: Hollo): void {
  const listener: Listener = async (_, activity) => {
    const faults = await faultsOf(activity)
    hollo.faults.push(...faults.map((fault) => `${activity.constructor.name} ${activity.id}: ${fault}`))
  }
  hollo.listen(listener)

  const ids = new Set<string>()
  const isHere = (id: URL | null | undefined) => id?.origin === hollo.origin

  async function faultsOf(activity: Activity): Promise<string[]> {
    const id = String(activity.id)
    if (activity.id === null) return ['it has no id']
    if (ids.has(id)) return ['its id came before, so it is passed over']
    ids.add(id)
    // Nobody can be read any more who is gone: who they were known by is enough.
    if (activity instanceof Delete && activity.objectId?.href === activity.actorId?.href) return []
    const actor = await activity.getActor()
    if (!isActor(actor)) return ['its actor is none']
    return [...(await faultsOfActor(hollo, actor)), ...(await faultsOfVerb(activity, actor))]
  }

  async function faultsOfVerb(activity: Activity, actor: Actor): Promise<string[]> {
    if (activity instanceof Follow || activity instanceof Block) return isHere(activity.objectId) ? [] : ['it is about nobody here']
    if (activity instanceof Accept || activity instanceof Reject) {
      const asked = await activity.getObject({ crossOrigin: 'trust' })
      if (asked instanceof Follow && asked.objectId?.href !== actor.id?.href) return ['what is answered was asked of somebody else']
      return activity.objectId === null ? ['it answers nothing'] : []
    }
    if (activity instanceof Create) return faultsOfPost(await activity.getObject(), actor)
    if (activity instanceof Update) {
      const object = await activity.getObject()
      if (isActor(object)) return object.id?.href === actor.id?.href ? [] : ['that is somebody else']
      return faultsOfPost(object, actor)
    }
    if (activity instanceof Undo) return faultsOfUndone(await activity.getObject(), actor)
    if (activity instanceof Like || activity instanceof EmojiReact) return faultsOfReaction(activity)
    if (activity instanceof Announce) return activity.objectId === null || activity.published === null ? ['what, or when?'] : []
    if (activity instanceof Delete) {
      const object = await activity.getObject()
      const gone = object instanceof Tombstone ? object.id : activity.objectId
      return gone?.origin === actor.id?.origin ? [] : ['that is of another server']
    }
    if (activity instanceof Add || activity instanceof Remove)
      return activity.targetId?.href === actor.featuredId?.href ? [] : ['that is not what is featured']
    if (activity instanceof Flag) return activity.objectIds.every(isHere) ? [] : ['it is about others']
    if (activity instanceof Move) {
      const target = await activity.getTarget()
      return isActor(target) && target.aliasIds.some(({ href }) => href === actor.id?.href) ? [] : ['who moves was not there']
    }
    return []
  }

  async function faultsOfPost(object: AnyObject | null, actor: Actor): Promise<string[]> {
    if (object === null) return ['it has no object']
    if (object.attributionId?.href !== actor.id?.href) return ['another wrote it']
    const isVote = object instanceof Note && object.name !== null && isHere(object.replyTargetId)
    return isVote ? [] : (await readAsPost(object, actor.followersId)).faults
  }

  async function faultsOfReaction(activity: Like | EmojiReact): Promise<string[]> {
    if (!isHere(activity.objectId)) return ['it is about nothing here']
    if (activity.content === null) return activity instanceof Like ? [] : ['it has no emoji']
    const content = activity.content.toString()
    if (!/^:[^:]+:$/.test(content)) return []
    for await (const tag of activity.getTags()) {
      if (tag instanceof Emoji && tag.id !== null && tag.name?.toString() === content && (await tag.getIcon())?.url !== null) return []
    }
    return ['nobody knows its emoji']
  }

  async function faultsOfUndone(undone: AnyObject | null, actor: Actor): Promise<string[]> {
    if (
      undone instanceof Follow ||
      undone instanceof Block ||
      undone instanceof Like ||
      undone instanceof EmojiReact ||
      undone instanceof Announce
    )
      return undone.actorId?.href === actor.id?.href && undone.objectId !== null ? [] : ['somebody else did it']
    return ['what is undone is not said']
  }
}
