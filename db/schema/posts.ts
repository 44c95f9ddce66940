import { sql } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import type { EmojiUse } from '#db/schema/emoji.ts'
import { bool, index, int, json, primaryKey, table, text, time, uniqueIndex } from '#db/table.ts'

export type Visibility = 'public' | 'unlisted' | 'followers' | 'direct'

/** Posts and boosts in one table, so that a home timeline is one index scan. */
export const posts = table(
  'posts',
  {
    /** Time-ordered (see platform/ids.ts); a remote post's follows its published date. */
    id: int().primaryKey(),
    uri: text().notNull(),
    /** Page for people at the origin; null for our own posts and when none is given. */
    url: text(),
    authorId: int()
      .notNull()
      .references(() => accounts.id),
    /** The boosted post, for a boost; null for a post. */
    boostOfId: int(),
    /** Parent, once it is known here. */
    replyToId: int(),
    /** The parent's id as said by the post, known here or not; null when it is no reply. */
    replyToUri: text(),
    replyToAuthorId: int(),
    /** Root of the thread as far as it is known; its own id for a root. */
    threadId: int().notNull(),
    /** AS2 type it came as: Note, Article, … */
    type: text().notNull().default('Note'),
    /** Title of an Article, Page, Video, Event; null for notes. */
    title: text(),
    /** Sanitised HTML. */
    html: text().notNull().default(''),
    /** What a local person typed; null for remote posts. */
    source: text(),
    /** Content warning; empty for none. */
    warning: text().notNull().default(''),
    isSensitive: bool().notNull().default(false),
    /** What an Article, Page, Video or Event says of itself in short, as sanitised HTML; null when it says nothing. */
    abstractHtml: text(),
    /** Custom emoji in title, text and warning; null when there are none. */
    emojis: json<EmojiUse[]>(),
    language: text(),
    /** Derived from the audience rows, kept for indexes. */
    visibility: text<Visibility>().notNull(),
    isLocal: bool().notNull(),
    /** 1 for the first; each edit adds one. */
    version: int().notNull().default(1),
    repliesCount: int().notNull().default(0),
    boostsCount: int().notNull().default(0),
    favouritesCount: int().notNull().default(0),
    /** Who may quote, answer, like and boost it, in the words of interactions/policy.ts; null where nothing is said. */
    canQuote: text(),
    canReply: text(),
    canLike: text(),
    canAnnounce: text(),
    /** It quotes another: a row of quotes says which. */
    isQuote: bool().notNull().default(false),
    /** A reply that its parent's author did not let in (yet): it hangs on nothing, and a row of interactions says why. */
    isHeld: bool().notNull().default(false),
    /** The true date of publication. */
    createdAt: time().notNull(),
    editedAt: time(),
    /** Id of the community it belongs to (FEP-1b12); null for none. */
    audienceUri: text(),
    /** Collections of a remote post's answers and conversation; null when it names none. */
    repliesUrl: text(),
    contextUrl: text(),
    /** When a remote post came here, which may be long after it was written; null for ours, and for those that came before this was kept. */
    receivedAt: time(),
    /** For people of this instance alone, of those its visibility names: nothing of it is ever told to another server. */
    isLocalOnly: bool().notNull().default(false),
    /** `source` is Markdown, else plain text. */
    isMarkdown: bool().notNull().default(false),
    /** Set once deleted: the row stays as tombstone, its text is gone. */
    deletedAt: time()
  },
  (t) => [
    uniqueIndex('posts_uri').on(t.uri),
    index('posts_author').on(t.authorId, t.id),
    index('posts_outbox').on(t.authorId, t.id).where(sql`visibility in ('public', 'unlisted') and is_local and deleted_at is null`),
    index('posts_thread').on(t.threadId, t.id),
    index('posts_reply_to').on(t.replyToId).where(sql`reply_to_id is not null`),
    index('posts_reply_to_uri').on(t.replyToUri).where(sql`reply_to_uri is not null and reply_to_id is null`),
    uniqueIndex('posts_boost').on(t.authorId, t.boostOfId).where(sql`boost_of_id is not null`),
    index('posts_boost_of').on(t.boostOfId).where(sql`boost_of_id is not null`),
    index('posts_public_local').on(t.id).where(sql`visibility = 'public' and is_local and deleted_at is null and boost_of_id is null`),
    index('posts_public').on(t.id).where(sql`visibility = 'public' and deleted_at is null and boost_of_id is null`)
  ]
)

/**
 * Who a post is for, beyond its visibility name: followers of an account, a person addressed, a person addressed silently
 * (in to or cc without a Mention, or owner of the personal inbox it came to).
 */
export const postAudience = table(
  'post_audience',
  {
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    kind: text<'followers' | 'person' | 'silent'>().notNull(),
    accountId: int().notNull()
  },
  (t) => [primaryKey({ columns: [t.postId, t.accountId, t.kind] }), index('post_audience_account').on(t.accountId, t.postId)]
)

export const postMentions = table(
  'post_mentions',
  {
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    accountId: int().notNull()
  },
  (t) => [primaryKey({ columns: [t.postId, t.accountId] }), index('post_mentions_account').on(t.accountId, t.postId)]
)

export const postTags = table(
  'post_tags',
  {
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    /** Lower case, without the hash sign. */
    tag: text().notNull()
  },
  (t) => [primaryKey({ columns: [t.tag, t.postId] }), index('post_tags_post').on(t.postId)]
)

export interface VersionMedia {
  key: string
  alt: string
}

/** Earlier states of an edited post, oldest first by version. */
export const postVersions = table(
  'post_versions',
  {
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    version: int().notNull(),
    title: text(),
    html: text().notNull(),
    source: text(),
    warning: text().notNull(),
    media: json<VersionMedia[]>().notNull().default([]),
    /** What its poll could be answered with; null when it had none. */
    options: json<string[]>(),
    /** Custom emoji it held; null for what was kept before this was, which is read with those of today. */
    emojis: json<EmojiUse[]>(),
    createdAt: time().notNull()
  },
  (t) => [primaryKey({ columns: [t.postId, t.version] })]
)

export const favourites = table(
  'favourites',
  {
    id: int().primaryKey(),
    accountId: int().notNull(),
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    /** Id of the Like as its server said it; null for ours, which derive it. */
    uri: text(),
    createdAt: time().notNull()
  },
  (t) => [
    uniqueIndex('favourites_once').on(t.accountId, t.postId),
    index('favourites_post').on(t.postId, t.id),
    index('favourites_account').on(t.accountId, t.id)
  ]
)

export const bookmarks = table(
  'bookmarks',
  {
    id: int().primaryKey(),
    accountId: int().notNull(),
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    createdAt: time().notNull()
  },
  (t) => [
    uniqueIndex('bookmarks_once').on(t.accountId, t.postId),
    index('bookmarks_post').on(t.postId),
    index('bookmarks_account').on(t.accountId, t.id)
  ]
)

/** Posts that their authors, ours and of elsewhere, show first on their profiles: the newest id first. */
export const pins = table(
  'pins',
  {
    id: int().primaryKey(),
    /** The author. */
    accountId: int().notNull(),
    postId: int()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('pins_once').on(t.postId), index('pins_account').on(t.accountId, t.id)]
)

/** Keys of forms already taken, so that a double submit makes one post. */
export const submissions = table(
  'submissions',
  {
    accountId: int().notNull(),
    key: text().notNull(),
    postId: int().notNull(),
    createdAt: time().notNull()
  },
  (t) => [primaryKey({ columns: [t.accountId, t.key] }), index('submissions_created').on(t.createdAt)]
)
