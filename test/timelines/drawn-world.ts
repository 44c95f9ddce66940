import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows, mutes } from '#db/schema/follows.ts'
import { postAudience, posts, postTags, type Visibility } from '#db/schema/posts.ts'
import { followedTags, listMembers, lists, type RepliesPolicy } from '#db/schema/timelines.ts'
import type { World } from '#test/posts/world.ts'

/** Everything a timeline looks at, drawn by luck; the reader is person 1. */
export interface Drawn {
  me: number
  people: { id: number; isSilenced: boolean; isLocal: boolean; isGroup: boolean }[]
  follows: { followerId: number; followedId: number; isAccepted: boolean; showBoosts: boolean; showReplies: boolean }[]
  blocks: [number, number][]
  muted: number[]
  tags: string[]
  lists: { id: number; repliesPolicy: RepliesPolicy; isExclusive: boolean; members: number[] }[]
  posts: DrawnPost[]
}

export interface DrawnPost {
  id: number
  authorId: number
  boostOfId: number | null
  isReply: boolean
  replyToAuthorId: number | null
  visibility: Visibility
  isDeleted: boolean
  tags: string[]
}

/** The same luck for the same seed. */
export function createLuck(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    happens: (chance: number) => next() < chance,
    below: (end: number) => Math.floor(next() * end),
    one: <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!,
    some: <T>(of: readonly T[], chance: number): T[] => of.filter(() => next() < chance)
  }
}

const topics = ['sea', 'fog', 'rope', 'tide']

export function draw(seed: number, postsCount = 90): Drawn {
  const luck = createLuck(seed)
  const ids = Array.from({ length: 9 }, (_, at) => at + 1)
  const me = 1
  const others = ids.slice(1)
  const followed = luck.some(others, 0.6)
  const accepted = followed.filter(() => !luck.happens(0.1))
  const drawnPosts: DrawnPost[] = []
  for (let at = 0; at < postsCount; at++) {
    const originals = drawnPosts.filter(
      (post) => post.boostOfId === null && !post.isDeleted && (post.visibility === 'public' || post.visibility === 'unlisted')
    )
    const id = 1_000 + at * 10 + luck.below(9)
    const authorId = luck.one(ids)
    const boosted = originals.length > 0 && luck.happens(0.3) ? luck.one(originals) : undefined
    if (boosted) {
      if (drawnPosts.some((post) => post.boostOfId === boosted.id && post.authorId === authorId)) continue
      const { visibility } = boosted
      drawnPosts.push({
        id,
        authorId,
        boostOfId: boosted.id,
        isReply: false,
        replyToAuthorId: null,
        visibility,
        isDeleted: false,
        tags: []
      })
      continue
    }
    const isReply = luck.happens(0.35)
    drawnPosts.push({
      id,
      authorId,
      boostOfId: null,
      isReply,
      replyToAuthorId: isReply && !luck.happens(0.1) ? luck.one(ids) : null,
      visibility: luck.one(['public', 'public', 'public', 'unlisted', 'followers']),
      isDeleted: luck.happens(0.05),
      tags: luck.some(topics, 0.2)
    })
  }
  return {
    me,
    people: ids.map((id) => ({
      id,
      isSilenced: id !== me && luck.happens(0.15),
      isLocal: luck.happens(0.5),
      isGroup: id !== me && luck.happens(0.15)
    })),
    follows: [
      ...followed.map((followedId) => ({
        followerId: me,
        followedId,
        isAccepted: accepted.includes(followedId),
        showBoosts: luck.happens(0.7),
        showReplies: luck.happens(0.7)
      })),
      { followerId: others[0]!, followedId: me, isAccepted: true, showBoosts: true, showReplies: true }
    ],
    blocks: luck.happens(0.4) ? [luck.happens(0.5) ? [me, luck.one(others)] : [luck.one(others), me]] : [],
    muted: luck.some(others, 0.12),
    tags: luck.some(topics, 0.5),
    lists: [10, 11].map((id) => ({
      id,
      repliesPolicy: luck.one(['none', 'members', 'followed']),
      isExclusive: luck.happens(0.4),
      members: luck.some(accepted, 0.5)
    })),
    posts: drawnPosts
  }
}

export async function write({ database }: Pick<World, 'database'>, drawn: Drawn): Promise<void> {
  await database.transact(async (tx) => {
    for (const table of [listMembers, lists, followedTags, postTags, postAudience, posts, follows, blocks, mutes, accounts])
      await tx.delete(table)
    await tx.insert(accounts).values(
      drawn.people.map(({ id, isSilenced, isLocal, isGroup }) => ({
        id,
        name: `p${id}`,
        nameKey: `p${id}`,
        domain: isLocal || id === drawn.me ? null : 'far.test',
        uri: `https://p.test/${id}`,
        type: isGroup ? ('Group' as const) : ('Person' as const),
        createdAt: 1,
        silencedAt: isSilenced ? 1 : null
      }))
    )
    await tx.insert(follows).values(
      drawn.follows.map(({ isAccepted, ...follow }, at) => ({
        ...follow,
        id: at + 1,
        state: isAccepted ? ('accepted' as const) : ('pending' as const),
        uri: `https://p.test/f/${at}`,
        createdAt: 1
      }))
    )
    for (const [at, [accountId, targetId]] of drawn.blocks.entries())
      await tx.insert(blocks).values({ id: at + 1, accountId, targetId, uri: `https://p.test/b/${at}`, createdAt: 1 })
    for (const targetId of drawn.muted) await tx.insert(mutes).values({ id: targetId, accountId: drawn.me, targetId, createdAt: 1 })
    for (const [at, tag] of drawn.tags.entries())
      await tx.insert(followedTags).values({ id: at + 1, accountId: drawn.me, tag, createdAt: 1 })
    let memberId = 0
    for (const { members, ...list } of drawn.lists) {
      await tx.insert(lists).values({ ...list, accountId: drawn.me, title: `list ${list.id}`, createdAt: 1 })
      for (const accountId of members)
        await tx.insert(listMembers).values({ id: ++memberId, listId: list.id, ownerId: drawn.me, accountId, createdAt: 1 })
    }
    await tx.insert(posts).values(
      drawn.posts.map(({ id, authorId, boostOfId, isReply, replyToAuthorId, visibility, isDeleted }) => ({
        id,
        uri: `https://p.test/posts/${id}`,
        authorId,
        boostOfId,
        replyToUri: isReply ? `https://gone.test/${id}` : null,
        replyToAuthorId,
        threadId: id,
        visibility,
        isLocal: drawn.people.some((person) => person.id === authorId && (person.isLocal || person.id === drawn.me)),
        createdAt: 1,
        deletedAt: isDeleted ? 1 : null
      }))
    )
    for (const { id, authorId, visibility, tags } of drawn.posts) {
      if (visibility === 'followers') await tx.insert(postAudience).values({ postId: id, kind: 'followers', accountId: authorId })
      for (const tag of tags) await tx.insert(postTags).values({ postId: id, tag })
    }
  })
}
