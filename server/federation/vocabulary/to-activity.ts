import type { Visibility } from '#db/schema/posts.ts'
import { activityOf, countsOf, deleteOf, featuredOf, followersOf, undoOf, updateOf } from '#server/federation/vocabulary/addresses.ts'
import { activityStreams, postContext, publicAudience } from '#server/federation/vocabulary/context.ts'
import { toAudience } from '#server/federation/vocabulary/to-audience.ts'
import { createOf } from '#server/peers/create-of.ts'

/** An activity as it is sent and stored: its id and its JSON. */
export interface Activity extends Record<string, unknown> {
  id: string
  type: string
  actor: string
}

type Note = Record<string, unknown>

/** Publishing a post: carries its audience, and the post as a whole. */
export function toCreate(note: Note): Activity {
  return { ...wrap(note), id: createOf(String(note.id)), type: 'Create', published: note.published, object: bare(note) }
}

/** An edited post; each version has an id of its own. */
export function toUpdate(note: Note, version: number): Activity {
  return {
    ...wrap(note),
    id: updateOf(String(note.id), version),
    type: 'Update',
    published: note.updated ?? note.published,
    object: bare(note)
  }
}

/** The counts of a poll changed, which is no edit: nothing says that it was updated. */
export function toPollUpdate(note: Note, id: number): Activity {
  return { ...toUpdate(note, 0), id: countsOf(String(note.id), id) }
}

/** Deleting a post, addressed as the post was. */
export function toDelete(post: { uri: string; actorUri: string; to: string[]; cc: string[]; communityUri?: string | null }): Activity {
  return {
    '@context': activityStreams,
    id: deleteOf(post.uri),
    type: 'Delete',
    actor: post.actorUri,
    to: post.to,
    cc: post.cc,
    ...(post.communityUri ? { audience: post.communityUri } : {}),
    object: { id: post.uri, type: 'Tombstone' }
  }
}

export interface OutgoingBoost {
  uri: string
  actorUri: string
  objectUri: string
  objectAuthorUri: string
  createdAt: number
  visibility: Visibility
}

/** A boost; its id is its own address. */
export function toAnnounce(boost: OutgoingBoost): Activity {
  return {
    '@context': activityStreams,
    id: boost.uri,
    type: 'Announce',
    actor: boost.actorUri,
    published: new Date(boost.createdAt).toISOString(),
    ...toAudience(boost.visibility, boost.actorUri, [boost.objectAuthorUri]),
    object: boost.objectUri
  }
}

export function toLike(like: {
  uri: string
  actorUri: string
  objectUri: string
  objectAuthorUri: string
  communityUri?: string | undefined
}): Activity {
  return {
    '@context': activityStreams,
    id: like.uri,
    type: 'Like',
    actor: like.actorUri,
    to: [like.objectAuthorUri, ...(like.communityUri === undefined ? [] : [like.communityUri])],
    ...(like.communityUri === undefined ? {} : { audience: like.communityUri }),
    object: like.objectUri
  }
}

export function toFollow(follow: { uri: string; actorUri: string; objectUri: string }): Activity {
  return {
    '@context': activityStreams,
    id: follow.uri,
    type: 'Follow',
    actor: follow.actorUri,
    to: [follow.objectUri],
    object: follow.objectUri
  }
}

/** Asks a relay to let us in (FEP-ae0c): a Follow that is addressed to nobody, of Public or of the relay's actor. */
export function toRelayFollow(follow: { uri: string; actorUri: string; objectUri: string }): Activity {
  return { '@context': activityStreams, id: follow.uri, type: 'Follow', actor: follow.actorUri, object: follow.objectUri }
}

/** Tells relays of the LitePub kind of a public post: its id alone, with the date that some insist on. */
export function toRelayAnnounce(announce: { uri: string; actorUri: string; objectUri: string; createdAt: number }): Activity {
  return {
    '@context': activityStreams,
    id: announce.uri,
    type: 'Announce',
    actor: announce.actorUri,
    published: new Date(announce.createdAt).toISOString(),
    to: [followersOf(announce.actorUri)],
    cc: [publicAudience],
    object: announce.objectUri
  }
}

/** The answer to a Follow: the whole Follow is repeated inside, since some servers find it by its parts and not by its id. */
export function toAnswer(type: 'Accept' | 'Reject', follow: { uri: string; actorUri: string; objectUri: string }, id: number): Activity {
  return {
    '@context': activityStreams,
    id: activityOf(follow.objectUri, type === 'Accept' ? 'accept' : 'reject', id),
    type,
    actor: follow.objectUri,
    to: [follow.actorUri],
    object: bare(toFollow(follow))
  }
}

export function toBlock(block: { uri: string; actorUri: string; objectUri: string }): Activity {
  return {
    '@context': activityStreams,
    id: block.uri,
    type: 'Block',
    actor: block.actorUri,
    to: [block.objectUri],
    object: block.objectUri
  }
}

/** Takes an activity back; it is repeated inside with its object. `id` is given where the same activity may be undone more than once. */
export function toUndo(activity: Activity, id?: number): Activity {
  const { '@context': context, ...inner } = activity
  return {
    '@context': context,
    id: id === undefined ? undoOf(activity.id) : activityOf(activity.actor, 'undo', id),
    type: 'Undo',
    actor: activity.actor,
    ...(activity.to === undefined ? {} : { to: activity.to }),
    ...(activity.cc === undefined ? {} : { cc: activity.cc }),
    object: inner
  }
}

/** A changed actor, for everybody who knows it. */
export function toActorUpdate(actor: Record<string, unknown>, id: number): Activity {
  const uri = String(actor.id)
  return {
    '@context': actor['@context'],
    id: activityOf(uri, 'update', id),
    type: 'Update',
    actor: uri,
    to: [publicAudience],
    cc: [followersOf(uri)],
    object: bare(actor)
  }
}

/** One of ours lives at another address from now on. */
export function toMove(move: { actorUri: string; targetUri: string }, id: number): Activity {
  const { actorUri } = move
  return {
    '@context': activityStreams,
    id: activityOf(actorUri, 'move', id),
    type: 'Move',
    actor: actorUri,
    to: [followersOf(actorUri)],
    object: actorUri,
    target: move.targetUri
  }
}

/** A report on somebody elsewhere, with posts of theirs, for the moderators there; by the instance, so that it names nobody of ours. */
export function toFlag(report: {
  uri: string
  actorUri: string
  targetUri: string
  postUris: readonly string[]
  comment: string
}): Activity {
  return {
    '@context': activityStreams,
    id: report.uri,
    type: 'Flag',
    actor: report.actorUri,
    to: [report.targetUri],
    content: report.comment,
    object: [report.targetUri, ...report.postUris]
  }
}

/** A post is shown first on its author's profile, or no longer is. */
export function toPinning(type: 'Add' | 'Remove', pin: { actorUri: string; postUri: string }, id: number): Activity {
  const { actorUri } = pin
  return {
    '@context': activityStreams,
    id: activityOf(actorUri, type === 'Add' ? 'add' : 'remove', id),
    type,
    actor: actorUri,
    to: [publicAudience],
    cc: [followersOf(actorUri)],
    object: pin.postUri,
    target: featuredOf(actorUri)
  }
}

/** An erased account. */
export function toActorDelete(actorUri: string): Activity {
  return { '@context': activityStreams, id: deleteOf(actorUri), type: 'Delete', actor: actorUri, to: [publicAudience], object: actorUri }
}

function wrap(note: Note) {
  const audience = note.audience === undefined ? {} : { audience: note.audience }
  return {
    '@context': note['@context'] ?? postContext,
    id: '',
    type: '',
    actor: String(note.attributedTo),
    to: note.to,
    cc: note.cc,
    ...audience
  }
}

function bare(object: Record<string, unknown>): Record<string, unknown> {
  const { '@context': _, ...rest } = object
  return rest
}
