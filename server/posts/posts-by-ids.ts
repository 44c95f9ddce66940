import { inArray, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { posts } from '#db/schema/posts.ts'
import type { PostRow } from '#server/posts/find-post.ts'

/** Places of a prepared list of ids; a statement is prepared for each size. */
const sizes = [1, 8, 24, 40, 64] as const
const sizeMax = 64
/** No row has it. */
const noId = -1
const placeNames = Array.from({ length: sizeMax }, (_, place) => `id${place}`)

/** Placeholders of a list of ids, to be filled by `idValues` of the same size. */
export function idPlaceholders(size: number) {
  return placeNames.slice(0, size).map((name) => sql.placeholder(name))
}

/** Values for a prepared list of `size` places. */
export function idValues(ids: readonly number[], size: number): Record<string, number> {
  const values: Record<string, number> = {}
  for (let place = 0; place < size; place += 1) values[placeNames[place]!] = ids[place] ?? noId
  return values
}

/**
 * A query by a list of ids, prepared once for each of a few sizes: `build` makes it of placeholders. Longer lists take several
 * rounds. Rows come in no order.
 */
export function prepareByIds<R, V extends Record<string, unknown> = Record<never, never>>(
  build: (db: Reader, ids: ReturnType<typeof idPlaceholders>) => { prepare(): { execute(values?: Record<string, unknown>): Promise<R[]> } }
): (db: Reader, ids: readonly number[], values?: V) => Promise<R[]> {
  const bySize = new Map(
    sizes.map((size) => [size as number, prepare<Reader, Record<string, unknown>, R[]>((db) => build(db, idPlaceholders(size)))])
  )
  return async (db, ids, values) => {
    const found: R[] = []
    for (let at = 0; at < ids.length; at += sizeMax) {
      const some = ids.slice(at, at + sizeMax)
      const size = sizes.find((places) => places >= some.length) ?? sizeMax
      const query = bySize.get(size)
      if (query) found.push(...(await query(db, Object.assign(idValues(some, size), values))))
    }
    return found
  }
}

const rows = prepareByIds<PostRow>((db, ids) => db.select().from(posts).where(inArray(posts.id, ids)))

/** Rows of posts in the order of the ids, whoever may see them; ids without a row are passed over. */
export async function postsByIds(db: Reader, ids: readonly number[]): Promise<PostRow[]> {
  const found = new Map((await rows(db, ids)).map((row) => [row.id, row]))
  return ids.flatMap((id) => found.get(id) ?? [])
}
