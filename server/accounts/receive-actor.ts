import { and, eq, inArray, isNotNull, notInArray } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accountKeys, accounts } from '#db/schema/accounts.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import { keepVerified } from '#server/accounts/keep-verified.ts'
import type { CleanActor, ToldKey } from '#server/accounts/received-actor.ts'
import type { Account } from '#server/accounts/who.ts'
import { record } from '#server/facts.ts'
import { keepEmojis } from '#server/media/remote-emoji.ts'
import { replaceAvatar, replaceHeader } from '#server/media/replace-picture.ts'
import { severityFor } from '#server/moderation/domain-severity.ts'
import { hostOf } from '#server/platform/host-names.ts'
import type { Random } from '#server/platform/random.ts'
import { indexPostsOf } from '#server/search/index-posts-of.ts'

/**
 * Writes or refreshes a remote account: the one way such a row comes to exist. Undefined, and nothing happens, when the address is one of
 * ours, or the account was erased. A moderator's suspension stays; its own server's comes and goes with the document.
 */
export async function receiveActor(tx: Tx, random: Random, told: CleanActor): Promise<Account | undefined> {
  const isNew = (await findAccountByUri(tx, told.uri)) === undefined
  const account = (isNew ? await insert(tx, told) : undefined) ?? (await updateKnown(tx, told))
  if (!account) return undefined
  if (told.keys && (await replaceKeys(tx, account.id, told.keys))) await record(tx, 'actor-keys-replaced', { accountId: account.id })
  await replaceEmojis(tx, random, account, told)
  await replaceAvatar(tx, random, account.id, told.avatarUrl)
  await replaceHeader(tx, random, account.id, told.headerUrl)
  return account
}

async function replaceEmojis(tx: Tx, random: Random, account: Account, told: CleanActor): Promise<void> {
  const uses = await keepEmojis(tx, random, hostOf(told.uri) ?? '', told.emojis)
  if (uses.length === 0 && account.emojis === null) return
  await tx.update(accounts).set({ emojis: uses }).where(eq(accounts.id, account.id))
}

/** Also when somebody else wrote the account a moment ago. */
async function updateKnown(tx: Tx, told: CleanActor): Promise<Account | undefined> {
  const known = await findAccountByUri(tx, told.uri)
  return known && known.domain !== null && known.deletedAt === null ? update(tx, known, told) : undefined
}

async function insert(tx: Tx, told: CleanActor): Promise<Account | undefined> {
  const createdAt = Math.min(told.publishedAt ?? tx.now, tx.now)
  const suspension = told.isSuspended ? { suspendedAt: tx.now, suspendedBy: 'origin' as const } : {}
  const [row] = await tx
    .insert(accounts)
    .values({
      ...columnsOf(told),
      ...(await belongingOf(tx, told)),
      ...suspension,
      id: tx.newId(),
      uri: told.uri,
      createdAt,
      fetchedAt: tx.now
    })
    .onConflictDoNothing({ target: accounts.uri })
    .returning()
  return row
}

async function update(tx: Tx, known: Account, told: CleanActor): Promise<Account | undefined> {
  const suspension =
    told.isSuspended && known.suspendedAt === null
      ? { suspendedAt: tx.now, suspendedBy: 'origin' as const }
      : !told.isSuspended && known.suspendedBy === 'origin'
        ? { suspendedAt: null, suspendedBy: null }
        : {}
  const [row] = await tx
    .update(accounts)
    .set({
      ...columnsOf(told),
      fields: keepVerified(known.fields, told.fields),
      ...(await belongingOf(tx, told)),
      ...suspension,
      fetchedAt: tx.now
    })
    .where(and(eq(accounts.id, known.id), isNotNull(accounts.domain)))
    .returning()
  if (row && row.isIndexable !== known.isIndexable) await indexPostsOf(tx, row.id)
  return row
}

/** Where it belongs, and the limit that holds there. */
async function belongingOf(tx: Tx, told: CleanActor) {
  const host = hostOf(told.uri) ?? null
  return { host, domainSeverity: await severityFor(tx, { domain: told.domain, host }) }
}

function columnsOf(told: CleanActor) {
  return {
    name: told.name,
    nameKey: told.name.toLowerCase(),
    domain: told.domain,
    url: told.url ?? null,
    type: told.type,
    displayName: told.displayName,
    bioHtml: told.bioHtml,
    fields: told.fields,
    isLocked: told.isLocked,
    isDiscoverable: told.isDiscoverable,
    isIndexable: told.isIndexable,
    attributionDomains: told.attributionDomains?.length ? [...told.attributionDomains] : null,
    isMemorial: told.isMemorial,
    inboxUrl: told.inboxUrl,
    sharedInboxUrl: told.sharedInboxUrl ?? null,
    outboxUrl: told.outboxUrl ?? null,
    followersUrl: told.followersUrl ?? null,
    followingUrl: told.followingUrl ?? null,
    featuredUrl: told.featuredUrl ?? null,
    alsoKnownAs: [...told.alsoKnownAs],
    movedToUri: told.movedToUri ?? null
  }
}

/** Keys that are no longer listed no longer speak for anybody. True when it had some, and not one of them is left. */
async function replaceKeys(tx: Tx, accountId: number, keys: readonly ToldKey[]): Promise<boolean> {
  const before = await tx.select({ publicPem: accountKeys.publicPem }).from(accountKeys).where(eq(accountKeys.accountId, accountId))
  const uris = keys.map((key) => key.uri)
  await tx
    .delete(accountKeys)
    .where(and(eq(accountKeys.accountId, accountId), uris.length > 0 ? notInArray(accountKeys.uri, uris) : undefined))
  const kept =
    uris.length === 0
      ? []
      : await tx
          .select()
          .from(accountKeys)
          .where(and(eq(accountKeys.accountId, accountId), inArray(accountKeys.uri, uris)))
  for (const key of keys) {
    const row = kept.find((each) => each.uri === key.uri)
    if (row === undefined) {
      await tx
        .insert(accountKeys)
        .values({ ...key, id: tx.newId(), accountId, createdAt: tx.now })
        .onConflictDoNothing({ target: [accountKeys.accountId, accountKeys.uri] })
    } else if (row.publicPem !== key.publicPem) {
      await tx.update(accountKeys).set({ kind: key.kind, publicPem: key.publicPem, createdAt: tx.now }).where(eq(accountKeys.id, row.id))
    }
  }
  const now = new Set(keys.map((key) => key.publicPem))
  return before.length > 0 && keys.length > 0 && before.every(({ publicPem }) => !now.has(publicPem))
}
