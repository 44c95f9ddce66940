import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { outgoingEmojis } from '#server/emoji/find-own.ts'
import { toActor } from '#server/federation/vocabulary/to-actor.ts'
import { findPicture } from '#server/peers/outgoing-actors.ts'
import { findKeys } from '#server/peers/signing-keys.ts'

/** One of our accounts as an actor, with keys and pictures. */
export async function loadActor(ctx: Pick<Context, 'db' | 'config'>, account: Account): Promise<Record<string, unknown>> {
  const [keys, avatar, header, emojis] = await Promise.all([
    findKeys(ctx.db, account.id),
    findPicture(ctx.db, account.avatarId),
    findPicture(ctx.db, account.headerId),
    outgoingEmojis(ctx.db, account.emojis)
  ])
  return toActor({ account, keys, avatar, header, emojis }, ctx.config)
}
