import { and, eq, inArray, isNotNull, isNull, or } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { users } from '#db/schema/sign-in.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { normalizeHost } from '#server/platform/host-names.ts'
import type { TypedMention } from '#server/posts/find-mentions.ts'

/** People one post may mention; later ones stay plain text. */
const mentionsMax = 50
/** Handles nobody here knows yet that one post may ask other servers for. */
const lookUpsMax = 10

/**
 * Who the handles in a text mean, by handle key: our own by name, remote ones we know, and a few unknown ones asked of their servers. Whom nobody
 * finds, and whoever is suspended, erased or on a suspended domain, is left out. Asks the network: never call it in a transaction.
 */
export async function resolveMentions(ctx: Context, mentions: readonly TypedMention[]): Promise<Map<string, Account>> {
  const typed = mentions.slice(0, mentionsMax)
  const found = await findKnown(ctx, typed)
  const unknown = typed.filter((mention) => mention.host !== undefined && !isOurs(ctx, mention.host) && !found.has(mention.handle))
  await Promise.all(
    unknown.slice(0, lookUpsMax).map(async (mention) => {
      const account = await askFor(ctx, mention)
      if (account) found.set(mention.handle, account)
    })
  )
  for (const [handle, account] of found) {
    const isLimited = account.domain !== null && (await ctx.limits.isSuspended(account.domain))
    if (account.suspendedAt !== null || account.deletedAt !== null || isLimited) found.delete(handle)
  }
  return found
}

async function findKnown(ctx: Context, typed: readonly TypedMention[]): Promise<Map<string, Account>> {
  if (typed.length === 0) return new Map()
  const conditions = typed.map(({ name, host }) =>
    and(
      eq(accounts.nameKey, name.toLowerCase()),
      host === undefined || isOurs(ctx, host) ? isNull(accounts.domain) : eq(accounts.domain, host)
    )
  )
  const found = await ctx.db
    .select({ row: accounts })
    .from(accounts)
    .leftJoin(users, eq(users.accountId, accounts.id))
    // One of ours whose sign-up still waits does not exist for anybody yet.
    .where(and(or(...conditions), or(isNull(users.accountId), and(isNotNull(users.approvedAt), isNotNull(users.emailConfirmedAt)))))
  const rows = found.map(({ row }) => row)
  const byHandle = new Map(rows.map((row) => [row.domain === null ? row.nameKey : `${row.nameKey}@${row.domain}`, row]))
  return new Map(
    typed.flatMap(({ handle, name, host }) => {
      const row = byHandle.get(host === undefined || isOurs(ctx, host) ? name.toLowerCase() : handle)
      return row ? [[handle, row] as const] : []
    })
  )
}

/** A server that does not answer must not keep a person from posting: the mention stays text, and the log says why. */
async function askFor(ctx: Context, { name, host }: TypedMention): Promise<Account | undefined> {
  try {
    const resolved = await ctx.fediverse.resolve(`@${name}@${host}`)
    if (resolved.kind !== 'account') return undefined
    const [row] = await ctx.db
      .select()
      .from(accounts)
      .where(inArray(accounts.id, [resolved.accountId]))
    return row
  } catch (error) {
    ctx.log.info({ err: error, handle: `@${name}@${host}` }, 'a mention could not be resolved')
    return undefined
  }
}

function isOurs(ctx: Context, host: string): boolean {
  return host === ctx.config.host || host === normalizeHost(ctx.config.handleDomain)
}
