import { all, faultsOfActor, faultsOfDocument, faultsOfPost, idIn, type Json } from '#test/federation/gotosocial-rules.ts'

/** Where an activity came to, of whom, and whom its reader follows. */
export interface Arrival {
  /** Id of the actor whose own inbox it came to: there is no shared one. */
  receiver: string
  /** Id of the actor whose key signed it. */
  requester: string
  followed: ReadonlySet<string>
}

const requests = ['LikeRequest', 'ReplyRequest', 'AnnounceRequest']
const kindOf: Record<string, string> = { LikeRequest: 'Like', ReplyRequest: 'Note', AnnounceRequest: 'Announce' }
const posts = ['Note', 'Question', 'Article']

/** What a GoToSocial inbox would answer with an error, or pass over in silence, of one activity. */
export function faultsOfActivity(activity: Json, arrival: Arrival): string[] {
  const faults = faultsOfDocument(activity)
  const verb = String(activity.type)
  if (all(activity.actor).length !== 1 || idIn(activity.actor) !== arrival.requester) faults.push('its actor is not its signer')
  if (all(activity.object).length === 0) faults.push('no object')
  const byVerb = rules[verb]
  return [...faults, ...(byVerb ? byVerb(activity, arrival) : [])].map((fault) => `${verb}: ${fault}`)
}

const rules: Record<string, (activity: Json, arrival: Arrival) => string[]> = {
  Create: faultsOfCreate,
  Update(activity, arrival) {
    const object = activity.object as Json
    if (idIn(object) === arrival.requester) return faultsOfActor({ ...object, '@context': activity['@context'] })
    return faultsOfPost(object)
  },
  Follow: ofReceiver,
  Block: ofReceiver,
  Like: faultsOfLike,
  Announce: faultsOfAnnounce,
  Accept: faultsOfAnswer,
  Reject: faultsOfAnswer,
  Undo: faultsOfUndo,
  Delete: (activity) => (idIn(activity.object) === undefined ? ['nothing that has an id'] : []),
  Move(activity, { requester }) {
    const faults = idIn(activity.object) === requester && all(activity.object).length === 1 ? [] : ['its object is not its actor']
    return all(activity.target).length === 1 && idIn(activity.target) !== requester ? faults : [...faults, 'no target of its own']
  },
  Flag(activity, { receiver }) {
    return all(activity.object).every((object) => typeof object === 'string') && all(activity.object).includes(receiver)
      ? []
      : ['the account is not among its objects by id']
  },
  ...Object.fromEntries(requests.map((verb) => [verb, faultsOfRequest]))
}

function ofReceiver(activity: Json, { receiver }: Arrival): string[] {
  return all(activity.object).length === 1 && idIn(activity.object) === receiver ? [] : ['it came to another inbox than its object’s']
}

function faultsOfCreate(activity: Json, { receiver, requester, followed }: Arrival): string[] {
  return (all(activity.object) as Json[]).flatMap((object) => {
    const isVote = object.type === 'Note' && object.name !== undefined && !('content' in object) && !('contentMap' in object)
    if (isVote) return all(object.inReplyTo).length === 1 ? [] : ['a vote in no poll']
    const faults = faultsOfPost(object)
    if (idIn(object.attributedTo) !== requester) faults.push('a post of somebody else')
    const mentioned = (all(object.tag) as Json[]).filter((tag) => tag.type === 'Mention').map((tag) => tag.href)
    if (!followed.has(requester) && !mentioned.includes(receiver))
      faults.push('its reader neither follows its author nor is mentioned: dropped')
    return faults
  })
}

/** A Like is taken in the inbox of the post's author alone, and names one post by id. */
function faultsOfLike(activity: Json, { receiver }: Arrival): string[] {
  const faults = all(activity.object).length === 1 && idIn(activity.object) !== undefined ? [] : ['not one post']
  const isAtAuthor = new URL(String(idIn(activity.object))).host !== new URL(receiver).host || all(activity.to).includes(receiver)
  return isAtAuthor ? faults : [...faults, 'it came to another inbox than the author’s']
}

function faultsOfAnnounce(activity: Json): string[] {
  const faults = all(activity.object).length === 1 ? [] : ['not one post']
  if (all(activity.to).length + all(activity.cc).length === 0) faults.push('for nobody')
  if (Number.isNaN(Date.parse(String(activity.published)))) faults.push('no date')
  return faults
}

/** Of a Follow that is embedded whole, of a request, or of a post or Like by its id. A Reject of anything else that is embedded is passed over. */
function faultsOfAnswer(activity: Json, { receiver, requester }: Arrival): string[] {
  return all(activity.object).flatMap((object) => {
    if (typeof object === 'string') return []
    const { type, id, actor, object: target, instrument } = object as Json
    if (type === 'Follow') {
      if (typeof id !== 'string') return ['a Follow without id']
      return idIn(actor) === receiver && idIn(target) === requester ? [] : ['a Follow of others']
    }
    if (requests.includes(String(type))) {
      const isWhole = typeof id === 'string' && idIn(actor) !== undefined && idIn(target) !== undefined && idIn(instrument) !== undefined
      const faults = isWhole ? [] : ['a request in part']
      const results = all(activity.result)
      return activity.type === 'Reject' || (results.length === 1 && typeof results[0] === 'string') ? faults : [...faults, 'no result']
    }
    return activity.type === 'Accept' && posts.includes(String(type)) ? [] : [`an embedded ${type} is passed over`]
  })
}

/** What is undone stands inside with its id, actor and object, and is matched by its id; a boost by its id alone. */
function faultsOfUndo(activity: Json, { receiver, requester }: Arrival): string[] {
  const inner = activity.object
  if (typeof inner === 'string') return ['by id alone: passed over']
  const { type, id, actor, object } = inner as Json
  if (typeof id !== 'string' || idIn(actor) !== requester || idIn(object) === undefined) return [`a ${type} in part`]
  return ['Follow', 'Block'].includes(String(type)) ? ofReceiver(inner as Json, { receiver, requester, followed: new Set() }) : []
}

function faultsOfRequest(activity: Json): string[] {
  const instrument = activity.instrument as Json
  if (all(activity.object).length !== 1) return ['not one post']
  if (all(activity.instrument).length !== 1 || typeof instrument !== 'object') return ['the act does not come along']
  const faults = instrument.approvedBy === undefined ? [] : ['the act says that it was approved already']
  if (![kindOf[String(activity.type)], 'Question'].includes(String(instrument.type))) faults.push(`a ${instrument.type} inside`)
  if (idIn(instrument.actor ?? instrument.attributedTo) !== idIn(activity.actor)) faults.push('an act of somebody else')
  const target = instrument.inReplyTo ?? instrument.object
  return target === idIn(activity.object) ? faults : [...faults, 'an act with another post']
}
