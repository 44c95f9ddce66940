import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows } from '#db/schema/follows.ts'
import { media } from '#db/schema/media.ts'

const pictureById = prepare((db) =>
  db
    .select({ key: media.key, mime: media.mime, alt: media.alt })
    .from(media)
    .where(eq(media.id, sql.placeholder('id')))
)

export async function findPicture(db: Reader, mediaId: number | null): Promise<{ key: string; mime: string; alt: string } | undefined> {
  if (mediaId === null) return undefined
  const [row] = await pictureById(db, { id: mediaId })
  return row
}

/** A page of the ids of followers, or of the followed, from after the follow `after`; accepted ones only. */
export async function findFollowUris(
  db: Reader,
  accountId: number,
  side: 'followers' | 'following',
  after: number,
  count: number
): Promise<{ id: number; uri: string }[]> {
  const [mine, theirs] = side === 'followers' ? [follows.followedId, follows.followerId] : [follows.followerId, follows.followedId]
  return db
    .select({ id: follows.id, uri: accounts.uri })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, theirs))
    .where(
      and(
        eq(mine, accountId),
        eq(follows.state, 'accepted'),
        sql`${follows.id} > ${after}`,
        isNull(accounts.suspendedAt),
        isNull(accounts.deletedAt),
        sql`${accounts.domainSeverity} is distinct from 'suspend'`
      )
    )
    .orderBy(asc(follows.id))
    .limit(count)
}

/** Whether one of two accounts blocks the other. */
export async function isBlockBetween(db: Reader, oneId: number, otherId: number): Promise<boolean> {
  const count = await db.$count(
    blocks,
    sql`(${blocks.accountId} = ${oneId} and ${blocks.targetId} = ${otherId}) or (${blocks.accountId} = ${otherId} and ${blocks.targetId} = ${oneId})`
  )
  return count > 0
}
