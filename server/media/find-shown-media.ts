import { and, eq, isNull, or } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { accounts } from '#db/schema/accounts.ts'
import { media } from '#db/schema/media.ts'
import { posts } from '#db/schema/posts.ts'
import type { Context } from '#server/context.ts'
import { findShownEmoji } from '#server/media/remote-emoji.ts'
import type { Media } from '#server/media/upload-image.ts'
import { hostOf } from '#server/platform/host-names.ts'

/** `ctx.random.token()` as base64url; anything else names no picture. */
const mediaKey = /^[A-Za-z0-9_-]{22,64}$/

/**
 * The picture under a public key, or undefined when there is none that may be shown: its post is deleted, its owner suspended or
 * erased, its owner's or its own host (or that of its emoji) suspended, or the emoji blocked. The address itself is the permission: it cannot be guessed, and stands only where
 * the post is seen.
 */
export async function findShownMedia(ctx: Context, key: string): Promise<Media | undefined> {
  if (!mediaKey.test(key)) return undefined
  const found = await findWithOwner(ctx.db, key)
  if (!found) return undefined
  const emoji = found.media.use === 'emoji' ? await findShownEmoji(ctx.db, found.media.id) : undefined
  if (emoji?.isBlocked) return undefined
  const hosts = [emoji?.host, found.domain, found.media.remoteUrl === null ? null : hostOf(found.media.remoteUrl)]
  for (const host of hosts) if (host && (await ctx.limits.isSuspended(host))) return undefined
  return found.media
}

async function findWithOwner(db: Reader, key: string): Promise<{ media: Media; domain: string | null } | undefined> {
  const isOwnerHere = and(isNull(accounts.suspendedAt), isNull(accounts.deletedAt))
  const isPostThere = or(isNull(media.postId), and(eq(posts.id, media.postId), isNull(posts.deletedAt)))
  const [found] = await db
    .select({ media, domain: accounts.domain })
    .from(media)
    .innerJoin(accounts, eq(accounts.id, media.accountId))
    .leftJoin(posts, eq(posts.id, media.postId))
    .where(and(eq(media.key, key), isOwnerHere, isPostThere))
  return found
}
