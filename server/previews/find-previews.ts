import { eq, inArray, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { media } from '#db/schema/media.ts'
import { linkPreviews } from '#db/schema/previews.ts'
import type { Account } from '#server/accounts/who.ts'

export type PreviewRow = typeof linkPreviews.$inferSelect

export interface FoundPreview {
  preview: PreviewRow
  picture: typeof media.$inferSelect | null
  /** Whom the page names as its author. */
  creator: Account | null
}

/** Places of a prepared list of addresses; a statement is prepared for each size. */
const sizes = [1, 8, 24, 64] as const
const sizeMax = 64
/** No row has it. */
const noUrl = ''

const bySize = new Map(
  sizes.map((size) => [
    size as number,
    prepare<Reader, Record<string, string>, FoundPreview[]>((db) =>
      db
        .select({ preview: linkPreviews, picture: media, creator: accounts })
        .from(linkPreviews)
        .leftJoin(media, eq(media.id, linkPreviews.mediaId))
        .leftJoin(accounts, eq(accounts.id, linkPreviews.creatorId))
        .where(
          inArray(
            linkPreviews.url,
            Array.from({ length: size }, (_, place) => sql.placeholder(`url${place}`))
          )
        )
    )
  ])
)

/** What is known of pages, by their address. */
export async function findPreviews(db: Reader, urls: readonly string[]): Promise<Map<string, FoundPreview>> {
  const found = new Map<string, FoundPreview>()
  for (let at = 0; at < urls.length; at += sizeMax) {
    const some = urls.slice(at, at + sizeMax)
    const size = sizes.find((places) => places >= some.length) ?? sizeMax
    const values = Object.fromEntries(Array.from({ length: size }, (_, place) => [`url${place}`, some[place] ?? noUrl]))
    for (const row of (await bySize.get(size)?.(db, values)) ?? []) found.set(row.preview.url, row)
  }
  return found
}
