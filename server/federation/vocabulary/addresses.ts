/** The addresses of one of our actors all derive from its id. */
export function inboxOf(actorUri: string): string {
  return `${actorUri}/inbox`
}

export function outboxOf(actorUri: string): string {
  return `${actorUri}/outbox`
}

export function followersOf(actorUri: string): string {
  return `${actorUri}/followers`
}

export function followingOf(actorUri: string): string {
  return `${actorUri}/following`
}

/** Posts shown first on a profile. */
export function featuredOf(actorUri: string): string {
  return `${actorUri}/featured`
}

export function sharedInboxOf(origin: string): string {
  return `${origin}/inbox`
}

export function repliesOf(postUri: string): string {
  return `${postUri}/replies`
}

export function likesOf(postUri: string): string {
  return `${postUri}/likes`
}

export function sharesOf(postUri: string): string {
  return `${postUri}/shares`
}

/** The conversation that began with a post. */
export function contextOf(rootUri: string): string {
  return `${rootUri}/context`
}

/** The part of an account's followers that lives on the asker's server (FEP-8fcf). */
export function followersSynchronizationOf(actorUri: string): string {
  return `${actorUri}/followers-synchronization`
}

/** Ids of activities that have no page of their own are fragments of what they are about: asking for one gives that thing. */
export function updateOf(postUri: string, version: number): string {
  return `${postUri}#update-${version}`
}

export function deleteOf(uri: string): string {
  return `${uri}#delete`
}

export function likeOf(actorUri: string, favouriteId: number): string {
  return `${actorUri}#like-${favouriteId}`
}

/** A reaction of one of ours. */
export function reactionOf(actorUri: string, reactionId: number): string {
  return `${actorUri}#reaction-${reactionId}`
}

/** A vote of one of ours; its Create derives from it. */
export function voteOf(actorUri: string, voteId: number): string {
  return `${actorUri}#vote-${voteId}`
}

/** The counts of a poll go out again and again. */
export function countsOf(postUri: string, id: number): string {
  return `${postUri}#counts-${id}`
}

export function undoOf(activityUri: string): string {
  return `${activityUri}${activityUri.includes('#') ? '-' : '#'}undo`
}

/** The Announce of a post of ours to relays that take ids only. */
export function relayAnnounceOf(instanceUri: string, postId: number): string {
  return `${instanceUri}#relay-announce-${postId}`
}

/** A report that goes to another server, in the name of the instance. */
export function flagOf(instanceUri: string, reportId: number): string {
  return `${instanceUri}#flag-${reportId}`
}

/** Accept, Reject and Update of an actor may come again and again: each has an id of its own. */
export function activityOf(
  actorUri: string,
  verb: 'accept' | 'reject' | 'update' | 'undo' | 'move' | 'add' | 'remove',
  id: number
): string {
  return `${actorUri}#${verb}-${id}`
}
