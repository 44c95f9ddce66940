import { sql } from 'drizzle-orm'
import { bool, index, int, table, text, time, uniqueIndex } from '#db/table.ts'

/** Bytes in storage, once per content: the storage key is the SHA-256 in hex. */
export const mediaFiles = table('media_files', {
  hash: text().primaryKey(),
  mime: text().notNull(),
  sizeBytes: int().notNull(),
  width: int().notNull(),
  height: int().notNull(),
  createdAt: time().notNull()
})

/** A picture somebody may see, under a random public key. */
export const media = table(
  'media',
  {
    id: int().primaryKey(),
    /** Unguessable part of its address, `/media/<key>`. */
    key: text().notNull(),
    /** Whose it is. */
    accountId: int().notNull(),
    use: text<'post' | 'avatar' | 'header' | 'emoji' | 'preview'>().notNull(),
    /** The post that shows it; null while it waits in the composer. */
    postId: int(),
    /** The draft that holds it, so that it waits as long as the draft does; null for none. */
    draftId: int(),
    position: int().notNull().default(0),
    alt: text().notNull().default(''),
    focusX: int().notNull().default(0),
    focusY: int().notNull().default(0),
    /** Where a remote picture lies; null for uploads. Fetched when first looked at. */
    remoteUrl: text(),
    /** As said by the remote document, until the file is here. */
    mime: text().notNull(),
    width: int(),
    height: int(),
    /** The stored file; null for a remote one not fetched yet. */
    fileHash: text(),
    /** A smaller version for timelines; null when the file itself is small. */
    previewHash: text(),
    /** A blurred picture of a few hundred bytes, made when it is first asked for; null until then. */
    tinyHash: text(),
    /** Set when fetching failed for good. */
    isBroken: bool().notNull().default(false),
    createdAt: time().notNull()
  },
  (t) => [
    uniqueIndex('media_key').on(t.key),
    index('media_post').on(t.postId, t.position),
    index('media_account').on(t.accountId, t.id),
    index('media_file').on(t.fileHash),
    index('media_preview').on(t.previewHash),
    index('media_tiny').on(t.tinyHash).where(sql`tiny_hash is not null`),
    index('media_draft').on(t.draftId).where(sql`draft_id is not null`),
    index('media_waiting').on(t.createdAt).where(sql`post_id is null`)
  ]
)
