import type { Reader, Tx } from '#db/reader.ts'
import type { Account } from '#server/accounts/who.ts'
import { findAccount, findAccountByUri } from '#server/accounts/find-account.ts'
import { findCommunityBanByUri, liftCommunityBan, receiveCommunityBan } from '#server/follows/community-bans.ts'
import type { NormalActivity } from '#server/federation/normal-form/types.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { findGroupAccount } from '#server/posts/find-community.ts'

type SaidBlock = Pick<NormalActivity, 'id' | 'objects' | 'target' | 'endsAt' | 'summary'>

/** Whether a Block keeps somebody out of a place (it has a `target`, or a group says it) and is no matter between two people. */
export function isOfCommunity(block: Pick<NormalActivity, 'target'>, actor: Account): boolean {
  return block.target !== undefined || actor.type === 'Group'
}

/**
 * The community that such a Block speaks for: the group itself, when it said or announced it; else one on the server of the moderator who said it, which
 * answers for its moderators. Undefined for anything else, a ban from a whole site included.
 */
export async function findBanningCommunity(
  db: Reader,
  block: Pick<NormalActivity, 'target'>,
  actor: Account
): Promise<Account | undefined> {
  if (block.target === undefined) return actor.type === 'Group' ? actor : undefined
  const group = await findGroupAccount(db, block.target.id ?? null)
  if (!group) return undefined
  return group.id === actor.id || hostOf(group.uri) === hostOf(actor.uri) ? group : undefined
}

/** A community keeps one of ours out. Does nothing for anybody else. */
export async function takeCommunityBlock(tx: Tx, group: Account, block: SaidBlock): Promise<void> {
  const person = await findBanned(tx, block)
  if (person)
    await receiveCommunityBan(tx, {
      groupId: group.id,
      accountId: person.id,
      uri: block.id,
      reason: block.summary,
      expiresAt: block.endsAt
    })
}

/** A community lets one of ours in again. */
export async function takeCommunityUnblock(tx: Tx, group: Account, block: SaidBlock): Promise<void> {
  const person = await findBanned(tx, block)
  await liftCommunityBan(tx, { groupId: group.id, accountId: person?.id, uri: block.id })
}

/** An actor takes back such a Block; false when it was one between people. */
export async function undoCommunityBlock(tx: Tx, actor: Account, block: SaidBlock): Promise<boolean> {
  if (!isOfCommunity(block, actor)) return false
  const group = await findBanningCommunity(tx, block, actor)
  if (group) await takeCommunityUnblock(tx, group, block)
  return true
}

/** The same by the id of the Block alone. */
export async function undoCommunityBlockById(tx: Tx, actor: Account, uri: string): Promise<boolean> {
  const ban = await findCommunityBanByUri(tx, uri)
  const group = ban && (await findAccount(tx, ban.groupId))
  if (!group || hostOf(group.uri) !== hostOf(actor.uri)) return false
  return liftCommunityBan(tx, { groupId: group.id, accountId: ban.accountId })
}

async function findBanned(tx: Tx, { objects }: SaidBlock): Promise<Account | undefined> {
  const uri = objects[0]?.id
  const person = uri === undefined || objects.length > 1 ? undefined : await findAccountByUri(tx, uri)
  return person?.domain === null ? person : undefined
}
