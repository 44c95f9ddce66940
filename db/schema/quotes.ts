import { sql } from 'drizzle-orm'
import { posts } from '#db/schema/posts.ts'
import { bool, index, int, table, text, time, uniqueIndex } from '#db/table.ts'

/**
 * `pending`: consent is awaited or was not proven yet. `unverified`: of a server that knows no consent, to a post that asks for none; shown, and
 * marked. `rejected`: refused, or its proof is none. `revoked`: accepted once, and taken back.
 */
export type QuoteState = 'pending' | 'accepted' | 'rejected' | 'revoked' | 'unverified'

/** What a post quotes: one post at most (FEP-044f). */
export const quotes = table(
  'quotes',
  {
    /** The quoting post. */
    postId: int()
      .primaryKey()
      .references(() => posts.id, { onDelete: 'cascade' }),
    /** Id of the quoted post as said. */
    quotedUri: text().notNull(),
    /** The quoted post, once it is known here. */
    quotedId: int(),
    state: text<QuoteState>().notNull(),
    /** Said only in words that know no consent. */
    isLegacy: bool().notNull().default(false),
    /** The QuoteAuthorization that is claimed, and proven when the state is `accepted`; null when none is named. */
    authorizationUri: text(),
    createdAt: time().notNull(),
    /** When the authorization was last asked about; null when that was not since it came. */
    checkedAt: time()
  },
  (t) => [
    index('quotes_quoted').on(t.quotedId),
    index('quotes_missing').on(t.quotedUri).where(sql`quoted_id is null`),
    index('quotes_authorization').on(t.authorizationUri).where(sql`authorization_uri is not null`)
  ]
)

export type InteractionKind = 'quote' | 'reply' | 'like' | 'announce'
export type InteractionState = 'pending' | 'accepted' | 'rejected' | 'revoked'

/**
 * Interactions with a post whose author limits who may: those that wait, and what was decided. Of somebody elsewhere with a post of ours, of one of ours with
 * a post elsewhere, and replies between others. What nobody limits has no row. An accepted one with a post of ours is an authorization that we serve.
 */
export const interactions = table(
  'interactions',
  {
    id: int().primaryKey(),
    kind: text<InteractionKind>().notNull(),
    /** The post that is quoted, answered, liked or boosted. */
    targetId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    fromId: int().notNull(),
    /** Id of the quoting post, the reply, the Like or the Announce. */
    objectUri: text().notNull(),
    /** The quoting post or the reply, once it is known here. */
    postId: int(),
    state: text<InteractionState>().notNull(),
    /** Id of the QuoteRequest, ReplyRequest, LikeRequest or AnnounceRequest; null for what came, or was sent, without asking first. */
    requestUri: text(),
    /** The authorization at its author's server; null for posts of ours, whose authorizations derive from the id, and while there is none. */
    authorizationUri: text(),
    createdAt: time().notNull(),
    decidedAt: time()
  },
  (t) => [
    uniqueIndex('interactions_once').on(t.targetId, t.kind, t.objectUri),
    index('interactions_from').on(t.fromId, t.targetId),
    index('interactions_post').on(t.postId).where(sql`post_id is not null`),
    index('interactions_object').on(t.objectUri),
    index('interactions_idle').on(t.createdAt).where(sql`post_id is null and state in ('pending', 'rejected')`),
    index('interactions_request').on(t.requestUri).where(sql`request_uri is not null`),
    index('interactions_authorization').on(t.authorizationUri).where(sql`authorization_uri is not null`),
    index('interactions_waiting').on(t.targetId, t.id).where(sql`state = 'pending'`)
  ]
)
