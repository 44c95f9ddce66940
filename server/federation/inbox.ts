import { announce } from '#server/federation/inbox/announce.ts'
import { acceptVerb, reject } from '#server/federation/inbox/answer.ts'
import { block } from '#server/federation/inbox/block.ts'
import { create } from '#server/federation/inbox/create.ts'
import { deleteVerb } from '#server/federation/inbox/delete.ts'
import { add, remove } from '#server/federation/inbox/featured.ts'
import { emojiReact } from '#server/federation/inbox/emoji-react.ts'
import { flag } from '#server/federation/inbox/flag.ts'
import { follow } from '#server/federation/inbox/follow.ts'
import type { Verb } from '#server/federation/inbox/inbound.ts'
import { announceRequest, likeRequest, quoteRequest, replyRequest } from '#server/federation/inbox/interaction-requests.ts'
import { like } from '#server/federation/inbox/like.ts'
import { move } from '#server/federation/inbox/move.ts'
import { undo } from '#server/federation/inbox/undo.ts'
import { update } from '#server/federation/inbox/update.ts'
import type { Incoming } from '#server/moderation/rules/judge.ts'

type Handling = { receive: Verb; kind: Incoming['kind'] } | 'ignored'

/** What becomes of each verb that other servers send. `ignored` is answered 202 on purpose, like every verb that is not here. */
export const verbs: ReadonlyMap<string, Handling> = new Map<string, Handling>([
  ['Create', { receive: create, kind: 'post' }],
  ['Update', { receive: update, kind: 'post' }],
  ['Delete', { receive: deleteVerb, kind: 'other' }],
  ['Follow', { receive: follow, kind: 'follow' }],
  ['Accept', { receive: acceptVerb, kind: 'other' }],
  ['Reject', { receive: reject, kind: 'other' }],
  ['Undo', { receive: undo, kind: 'other' }],
  ['Like', { receive: like, kind: 'favourite' }],
  ['Announce', { receive: announce, kind: 'boost' }],
  ['Block', { receive: block, kind: 'other' }],
  ['Flag', { receive: flag, kind: 'report' }],
  ['Move', { receive: move, kind: 'other' }],
  ['Add', { receive: add, kind: 'other' }],
  ['Remove', { receive: remove, kind: 'other' }],
  ['QuoteRequest', { receive: quoteRequest, kind: 'post' }],
  ['ReplyRequest', { receive: replyRequest, kind: 'post' }],
  ['LikeRequest', { receive: likeRequest, kind: 'favourite' }],
  ['AnnounceRequest', { receive: announceRequest, kind: 'boost' }],
  ['EmojiReact', { receive: emojiReact, kind: 'favourite' }],
  // Said by forums, video and music servers; nothing here follows from it, and nobody is asked anything because of it.
  ['Dislike', 'ignored'],
  ['View', 'ignored'],
  ['Read', 'ignored'],
  ['Listen', 'ignored'],
  ['Join', 'ignored'],
  ['Leave', 'ignored'],
  ['Invite', 'ignored'],
  ['CacheFile', 'ignored'],
  ['Lock', 'ignored'],
  ['Warn', 'ignored']
])
