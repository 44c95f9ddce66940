import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import { Refusal } from '#server/errors.ts'
import { visibleTo } from '#server/posts/visibility.ts'

export type PostRow = typeof posts.$inferSelect

const ofAnybody = prepare((db: Reader) =>
  db
    .select()
    .from(posts)
    .where(and(eq(posts.id, sql.placeholder('id')), visibleTo(undefined)))
)

const ofViewer = prepare((db: Reader) =>
  db
    .select()
    .from(posts)
    .where(and(eq(posts.id, sql.placeholder('id')), visibleTo(sql.placeholder('viewer'))))
)

const onceOfViewer = prepare((db: Reader) =>
  db
    .select({ id: posts.id })
    .from(posts)
    .where(and(eq(posts.id, sql.placeholder('id')), visibleTo(sql.placeholder('viewer'), { ...posts, deletedAt: sql`null` })))
)

const byUri = prepare((db: Reader) =>
  db
    .select()
    .from(posts)
    .where(eq(posts.uri, sql.placeholder('uri')))
)

const idByUri = prepare((db: Reader) =>
  db
    .select({ id: posts.id })
    .from(posts)
    .where(eq(posts.uri, sql.placeholder('uri')))
)

const byId = prepare((db: Reader) =>
  db
    .select()
    .from(posts)
    .where(eq(posts.id, sql.placeholder('id')))
)

const buried = prepare((db: Reader) =>
  db
    .select({ id: posts.id })
    .from(posts)
    .where(
      and(
        eq(posts.id, sql.placeholder('id')),
        isNotNull(posts.deletedAt),
        inArray(posts.visibility, ['public', 'unlisted']),
        eq(posts.isLocalOnly, false)
      )
    )
)

/** A post (or boost) that this viewer may see; undefined as an id stands for nobody signed in. */
export async function findPost(db: Reader, viewerId: number | undefined, id: number): Promise<PostRow | undefined> {
  const [row] = viewerId === undefined ? await ofAnybody(db, { id }) : await ofViewer(db, { id, viewer: viewerId })
  return row
}

/** As findPost; Refusal('missing') when there is none or it is not for this viewer, which look the same from outside. */
export async function getPost(db: Reader, viewerId: number | undefined, id: number): Promise<PostRow> {
  const row = await findPost(db, viewerId, id)
  if (!row) throw new Refusal('missing', 'errors.postMissing')
  return row
}

/** The post itself: what was boosted when the id is a boost's. Refusal('missing') as getPost. */
export async function getOriginal(db: Reader, viewerId: number | undefined, id: number): Promise<PostRow> {
  const row = await getPost(db, viewerId, id)
  return row.boostOfId === null ? row : getPost(db, viewerId, row.boostOfId)
}

/** Whatever stands under an id of ActivityPub, deleted ones too, whoever may see it: for doors that decide themselves. */
export async function findPostByUri(db: Reader, uri: string): Promise<PostRow | undefined> {
  const [row] = await byUri(db, { uri })
  return row
}

/** Its row's id alone, for who reads it by that anyway: half a hundred columns cost more than to find them. */
export async function findPostIdByUri(db: Reader, uri: string): Promise<number | undefined> {
  const [row] = await idByUri(db, { uri })
  return row?.id
}

/** Whatever stands under a row's id, likewise. */
export async function findPostById(db: Reader, id: number): Promise<PostRow | undefined> {
  const [row] = await byId(db, { id })
  return row
}

/** Whether everybody could see what once stood under an id: that it is gone is no secret then. */
export async function isBuried(db: Reader, id: number): Promise<boolean> {
  const [row] = await buried(db, { id })
  return row !== undefined
}

/** Whether a viewer may see the post under an id. */
export async function isVisible(db: Reader, viewerId: number | undefined, id: number): Promise<boolean> {
  return (await findPost(db, viewerId, id)) !== undefined
}

/** Whether a viewer may see the post under an id, or could if it were not deleted: its audience outlives it. */
export async function couldSee(db: Reader, viewerId: number, id: number): Promise<boolean> {
  return (await onceOfViewer(db, { id, viewer: viewerId })).length > 0
}
