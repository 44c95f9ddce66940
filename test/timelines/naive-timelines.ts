import type { Shown } from '#server/timelines/choices.ts'
import type { Drawn, DrawnPost } from '#test/timelines/drawn-world.ts'

/** The rules of timelines told once more, row for row and without a database, to hold the queries against. Rows come newest first. */
export function naiveTimelines(drawn: Drawn) {
  const { me } = drawn
  const byId = new Map(drawn.posts.map((post) => [post.id, post]))
  const followOf = (id: number | null) => drawn.follows.find((each) => each.followerId === me && each.followedId === id && each.isAccepted)
  const choicesFor = (id: number) => drawn.follows.find((each) => each.followerId === me && each.followedId === id)
  const isBlocked = (id: number) => drawn.blocks.some(([a, b]) => (a === me && b === id) || (a === id && b === me))
  const person = (id: number) => drawn.people.find((each) => each.id === id)!
  const isMuted = (id: number) => drawn.muted.includes(id)
  const isSilenced = (id: number) => person(id).isSilenced
  const isApart = (id: number) => drawn.lists.some(({ isExclusive, members }) => isExclusive && members.includes(id))

  function maySee(post: DrawnPost): boolean {
    if (post.isDeleted || isBlocked(post.authorId)) return false
    if (post.boostOfId !== null) return maySee(byId.get(post.boostOfId)!)
    return post.visibility !== 'followers' || post.authorId === me || followOf(post.authorId) !== undefined
  }
  const isLeftIn = (post: DrawnPost, { hidesBoosts, hidesReplies }: Shown) =>
    !(hidesBoosts && post.boostOfId !== null) && !(hidesReplies && post.isReply)
  const isToThem = (post: DrawnPost) => post.replyToAuthorId === post.authorId || post.replyToAuthorId === me
  const isBoostWanted = (post: DrawnPost) => choicesFor(post.authorId)?.showBoosts === true && !isMuted(byId.get(post.boostOfId!)!.authorId)
  const isFromMembersAnyway = (post: DrawnPost) => {
    const original = byId.get(post.boostOfId!)!
    const isOfMine = original.authorId === me || followOf(original.authorId) !== undefined
    return person(post.authorId).isGroup && !original.isReply && isOfMine
  }

  function isOfFollowed(post: DrawnPost): boolean {
    if (post.authorId === me) return true
    if (!followOf(post.authorId) || isMuted(post.authorId) || isApart(post.authorId)) return false
    if (post.boostOfId !== null) return isBoostWanted(post) && !isFromMembersAnyway(post)
    return !post.isReply || isToThem(post) || (followOf(post.replyToAuthorId) !== undefined && choicesFor(post.authorId)!.showReplies)
  }
  function isUnderTag(post: DrawnPost): boolean {
    if (post.boostOfId !== null || post.visibility !== 'public' || !post.tags.some((tag) => drawn.tags.includes(tag))) return false
    if (post.authorId === me) return true
    if (isMuted(post.authorId) || isApart(post.authorId) || (isSilenced(post.authorId) && !followOf(post.authorId))) return false
    return !post.isReply || isToThem(post) || choicesFor(post.authorId)?.showReplies !== false
  }
  const newestFirst = (isIn: (post: DrawnPost) => boolean, shown: Shown) =>
    drawn.posts.filter((post) => maySee(post) && isLeftIn(post, shown) && isIn(post)).sort((a, b) => b.id - a.id)
  const isOffered = (post: DrawnPost) =>
    post.boostOfId === null && post.visibility === 'public' && !isSilenced(post.authorId) && !isMuted(post.authorId)
  const isNoReplyToOthers = (post: DrawnPost) => !post.isReply || post.replyToAuthorId === post.authorId

  return {
    home: (shown: Shown) => newestFirst((post) => isOfFollowed(post) || isUnderTag(post), shown),
    list: ({ members, repliesPolicy }: Drawn['lists'][number], shown: Shown) =>
      newestFirst((post) => {
        if (!members.includes(post.authorId) || isMuted(post.authorId)) return false
        if (post.boostOfId !== null) return isBoostWanted(post)
        const isForList = {
          none: false,
          members: members.includes(post.replyToAuthorId ?? 0),
          followed: followOf(post.replyToAuthorId) !== undefined
        }
        return !post.isReply || isToThem(post) || (isForList[repliesPolicy] && choicesFor(post.authorId)!.showReplies)
      }, shown),
    federated: (shown: Shown) => newestFirst((post) => isOffered(post) && isNoReplyToOthers(post), shown),
    tagged: (tag: string, shown: Shown) => newestFirst((post) => isOffered(post) && post.tags.includes(tag), shown)
  }
}

/** A page down from a cursor out of all rows: a post and its boosts show once. */
export function naivePage(rows: readonly DrawnPost[], before: number, limit: number): number[] {
  const shown = new Map<number, number>()
  for (const row of rows) {
    if (row.id >= before || shown.size === limit) continue
    const postId = row.boostOfId ?? row.id
    if (!shown.has(postId)) shown.set(postId, row.id)
  }
  return [...shown.values()]
}
