import { and, eq, isNotNull } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Reader } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { interactions, quotes } from '#db/schema/quotes.ts'
import { authorizationOf } from '#server/interactions/authorizations.ts'

const target = alias(posts, 'target')

/** What a post of ours quotes, as it is told to others; its proof only while it stands. */
export async function findOutgoingQuote(
  db: Reader,
  postId: number
): Promise<{ uri: string; url: string; authorizationUri: string | undefined } | undefined> {
  const [row] = await db
    .select({ uri: quotes.quotedUri, url: target.url, state: quotes.state, authorizationUri: quotes.authorizationUri })
    .from(quotes)
    .leftJoin(target, eq(target.id, quotes.quotedId))
    .where(eq(quotes.postId, postId))
  if (!row) return undefined
  const isProven = row.state === 'accepted' && row.authorizationUri !== null
  return { uri: row.uri, url: row.url ?? row.uri, authorizationUri: isProven ? (row.authorizationUri ?? undefined) : undefined }
}

/** What proves that a reply of ours may answer its parent; null where nothing has to be proven. */
export async function findReplyAuthorization(db: Reader, postId: number): Promise<string | null> {
  const [row] = await db
    .select({ id: interactions.id, authorizationUri: interactions.authorizationUri, targetUri: target.uri, isLocal: target.isLocal })
    .from(interactions)
    .innerJoin(target, eq(target.id, interactions.targetId))
    .where(and(eq(interactions.postId, postId), eq(interactions.kind, 'reply'), eq(interactions.state, 'accepted')))
  if (!row) return null
  return row.isLocal ? authorizationOf(row.targetUri, row.id) : row.authorizationUri
}

/** What proves that one of ours may like or boost a post elsewhere, by the id of the Like or Announce. */
export async function findActAuthorization(db: Reader, objectUri: string): Promise<string | undefined> {
  const [row] = await db
    .select({ authorizationUri: interactions.authorizationUri })
    .from(interactions)
    .where(and(eq(interactions.objectUri, objectUri), eq(interactions.state, 'accepted'), isNotNull(interactions.authorizationUri)))
  return row?.authorizationUri ?? undefined
}
