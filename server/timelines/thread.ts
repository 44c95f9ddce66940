import { asc, eq, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { getPost, type PostRow } from '#server/posts/find-post.ts'
import { postsByIds } from '#server/posts/posts-by-ids.ts'
import { isOnHiddenDomain } from '#server/posts/quieting.ts'
import { visibleTo } from '#server/posts/visibility.ts'
import { flag } from '#server/timelines/candidates.ts'

/** Posts of a thread we look at; of a longer one the oldest, and always the way up from the post asked for. */
const examinedMax = 2_000
const ancestorsMax = 40
/** Replies on one page of a thread. */
const repliesPerPage = 100

export interface Thread {
  /** From the root down, as far as known and visible. */
  ancestors: PostRow[]
  post: PostRow
  /** Depth first, oldest first among siblings; `depth` 1 answers the post itself. One page of them. */
  descendants: { row: PostRow; depth: number }[]
  /** All that are known and visible, on whatever page; of a very long thread the oldest. */
  descendantsCount: number
  /** Where the next page begins; undefined on the last. */
  nextFrom: number | undefined
}

interface Node {
  id: number
  replyToId: number | null
  isVisible: boolean
}

/**
 * A post among those it answers and those that answer it, each only when the viewer (undefined: anybody) may see it and did not hide its server: below a hidden one the visible
 * ones stand in its place. `from` replies are passed over. Refusal('missing') when the post itself is not for the viewer.
 */
export async function thread(db: Reader, viewerId: number | undefined, postId: number, from = 0): Promise<Thread> {
  const asked = await getPost(db, viewerId, postId)
  const post = asked.boostOfId === null ? asked : await getPost(db, viewerId, asked.boostOfId)
  const nodes = await db
    .select({ id: posts.id, replyToId: posts.replyToId, isVisible: flag(mayStandIn(viewerId)).as('is_visible') })
    .from(posts)
    .where(eq(posts.threadId, post.threadId))
    .orderBy(asc(posts.id))
    .limit(examinedMax)
  const above = await wayUp(db, viewerId, post, new Map(nodes.map((node) => [node.id, node])))
  const below = descendantsOf(post.id, nodes)
  const shownBelow = below.slice(from, from + repliesPerPage)
  const rows = new Map((await postsByIds(db, [...above, ...shownBelow.map(({ id }) => id)])).map((row) => [row.id, row]))
  return {
    ancestors: above.flatMap((id) => rows.get(id) ?? []),
    post,
    descendants: shownBelow.flatMap(({ id, depth }) => {
      const row = rows.get(id)
      return row ? [{ row, depth }] : []
    }),
    descendantsCount: below.length,
    nextFrom: below.length > from + repliesPerPage ? from + repliesPerPage : undefined
  }
}

/** A post around the one that was opened: visible, and of no server that the viewer hid. */
function mayStandIn(viewerId: number | undefined): SQL {
  return viewerId === undefined ? visibleTo(undefined) : sql`(${visibleTo(viewerId)} and not ${isOnHiddenDomain(viewerId, posts.authorId)})`
}

/** Ids from the root down; parents that were not among the nodes are asked for one by one, since the way up is what explains a post. */
async function wayUp(db: Reader, viewerId: number | undefined, post: PostRow, nodes: ReadonlyMap<number, Node>): Promise<number[]> {
  const visible: number[] = []
  const seen = new Set([post.id])
  let next = post.replyToId
  for (let steps = 0; next !== null && steps < ancestorsMax && !seen.has(next); steps++) {
    seen.add(next)
    const node: Node | undefined = nodes.get(next) ?? (await findNode(db, viewerId, next))
    if (!node) break
    if (node.isVisible) visible.unshift(node.id)
    next = node.replyToId
  }
  return visible
}

async function findNode(db: Reader, viewerId: number | undefined, id: number): Promise<Node | undefined> {
  const [node] = await db
    .select({ id: posts.id, replyToId: posts.replyToId, isVisible: flag(mayStandIn(viewerId)).as('is_visible') })
    .from(posts)
    .where(eq(posts.id, id))
  return node
}

/** Walks with a list of its own, so that a chain of thousands of replies costs no stack. */
function descendantsOf(rootId: number, nodes: readonly Node[]): { id: number; depth: number }[] {
  const children = new Map<number, Node[]>()
  for (const node of nodes) {
    if (node.replyToId === null) continue
    const siblings = children.get(node.replyToId)
    if (siblings) siblings.push(node)
    else children.set(node.replyToId, [node])
  }
  const found: { id: number; depth: number }[] = []
  const seen = new Set([rootId])
  const waiting = (children.get(rootId) ?? []).map((node) => ({ node, depth: 1 })).reverse()
  for (let current = waiting.pop(); current; current = waiting.pop()) {
    const { node, depth } = current
    if (seen.has(node.id)) continue
    seen.add(node.id)
    if (node.isVisible) found.push({ id: node.id, depth })
    const below = children.get(node.id) ?? []
    for (let at = below.length - 1; at >= 0; at--) waiting.push({ node: below[at] as Node, depth: node.isVisible ? depth + 1 : depth })
  }
  return found
}
