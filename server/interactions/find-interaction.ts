import { and, desc, eq, inArray, isNull, lt, or } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { posts } from '#db/schema/posts.ts'
import { type InteractionKind, interactions } from '#db/schema/quotes.ts'
import type { Account } from '#server/accounts/who.ts'
import type { PostRow } from '#server/posts/find-post.ts'

export type InteractionRow = typeof interactions.$inferSelect

/** An interaction with the post it is with and who does it. */
export interface InteractionDetails {
  row: InteractionRow
  target: PostRow
  from: Account
}

/** The rows with the post each is with and who does it; whoever calls says which. */
function withDetails(db: Reader) {
  return db
    .select({ row: interactions, target: posts, from: accounts })
    .from(interactions)
    .innerJoin(posts, eq(posts.id, interactions.targetId))
    .innerJoin(accounts, eq(accounts.id, interactions.fromId))
}

export async function findInteraction(db: Reader, id: number): Promise<InteractionDetails | undefined> {
  const [found] = await withDetails(db).where(eq(interactions.id, id))
  return found
}

/** What is known of one act: who quotes, answers, likes or boosts a post, by the act's id. */
export async function findByObject(
  db: Reader,
  kind: InteractionKind,
  targetId: number,
  objectUri: string
): Promise<InteractionRow | undefined> {
  const [row] = await db
    .select()
    .from(interactions)
    .where(and(eq(interactions.targetId, targetId), eq(interactions.kind, kind), eq(interactions.objectUri, objectUri)))
  return row
}

/** The newest like or boost of somebody's that was asked for and neither taken back nor done. */
export async function findAsked(db: Reader, kind: InteractionKind, targetId: number, fromId: number): Promise<InteractionRow | undefined> {
  const [row] = await db
    .select()
    .from(interactions)
    .where(and(eq(interactions.fromId, fromId), eq(interactions.targetId, targetId), eq(interactions.kind, kind)))
    .orderBy(desc(interactions.id))
    .limit(1)
  return row
}

/** How a reply or quoting post of ours stands with the author it concerns. */
export async function findByPost(db: Reader, kind: InteractionKind, postId: number): Promise<InteractionRow | undefined> {
  const [row] = await db
    .select()
    .from(interactions)
    .where(and(eq(interactions.postId, postId), eq(interactions.kind, kind)))
  return row
}

/** What one of ours asked an author elsewhere, as the answer names it: by the request, or by the act itself. */
export async function findAnswered(
  db: Reader,
  authorId: number,
  named: { requestUri?: string; objectUri?: string; targetUri?: string }
): Promise<InteractionDetails | undefined> {
  const isNamed = [
    ...(named.requestUri === undefined ? [] : [eq(interactions.requestUri, named.requestUri)]),
    ...(named.objectUri === undefined ? [] : [eq(interactions.objectUri, named.objectUri)])
  ]
  if (isNamed.length === 0) return undefined
  const [found] = await withDetails(db)
    .where(
      and(
        or(...isNamed),
        eq(posts.authorId, authorId),
        isNull(accounts.domain),
        named.targetUri === undefined ? undefined : eq(posts.uri, named.targetUri)
      )
    )
    .limit(1)
  return found
}

/** What waits for somebody's answer, newest first: below `before`, at most `count`. */
export async function listWaiting(db: Reader, authorId: number, before: number, count: number): Promise<InteractionDetails[]> {
  return withDetails(db)
    .where(
      and(
        eq(posts.authorId, authorId),
        eq(interactions.state, 'pending'),
        isNull(posts.deletedAt),
        isNull(accounts.suspendedAt),
        isNull(accounts.deletedAt),
        lt(interactions.id, before)
      )
    )
    .orderBy(desc(interactions.id))
    .limit(count)
}

/** Of somebody's posts, what waits from certain people: for buttons beside their notifications. */
export async function listWaitingFrom(db: Reader, authorId: number, fromIds: readonly number[]): Promise<InteractionRow[]> {
  if (fromIds.length === 0) return []
  const rows = await db
    .select({ row: interactions })
    .from(interactions)
    .innerJoin(posts, eq(posts.id, interactions.targetId))
    .where(and(eq(posts.authorId, authorId), eq(interactions.state, 'pending'), inArray(interactions.fromId, [...fromIds])))
  return rows.map(({ row }) => row)
}
