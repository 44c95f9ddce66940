import type { Tx } from '#db/reader.ts'
import { findAccount } from '#server/accounts/find-account.ts'
import { findByUris } from '#server/accounts/find-by-uris.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Account } from '#server/accounts/who.ts'
import { findRestoreAt } from '#server/backup/last-restore.ts'
import type { Context } from '#server/context.ts'
import { FetchFault } from '#server/federation/fetch-fault.ts'
import { localDigest } from '#server/federation/follower-sync/compare-followers.ts'
import { fetchFollowers } from '#server/federation/follower-sync/fetch-followers.ts'
import { settleFollows } from '#server/follows/settle-follows.ts'
import type { JobHandler } from '#server/jobs/worker.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { type LocalFollow, findLocalFollows } from '#server/peers/follower-parts.ts'
import { FetchBudget } from '#server/platform/fetch-budget.ts'

const attemptsMax = 4
/** Of each kind of difference so many are settled at once; the others when the account is heard from again. */
const settledMax = 300
/** Of what only the other side claims so much is undone at once: it could claim anything, and each costs us a delivery. */
const undoneMax = 50
/** After a restore our own side is the one that is behind: for so long a difference is told to the admins and nothing is undone. */
export const reportOnlyMs = 7 * 24 * 60 * 60_000

interface Input {
  accountId: number
  url: string
  digest: string
}

/**
 * Asks a server which of ours follow one of its accounts, and makes both sides agree (FEP-8fcf): it knows whom it sends to, so that a follow it does not list
 * ends here, a request that it lists was accepted, and one that we do not have is undone there.
 */
export const settleFollowers: JobHandler = async (ctx, { accountId, url, digest }: Input, job) => {
  const account = await findAccount(ctx.db, accountId)
  if (!account || account.domain === null || account.deletedAt !== null || account.suspendedAt !== null) return
  if ((await localDigest(ctx, accountId)) === digest) return
  const askedAt = ctx.clock.now()
  try {
    const listed = await fetchFollowers(ctx, url, { budget: new FetchBudget() })
    const difference = await compare(ctx, account, listed, askedAt)
    if (difference.isNone) return
    const restoredAt = await findRestoreAt(ctx.db)
    const isReport = restoredAt !== undefined && askedAt - restoredAt < reportOnlyMs
    await ctx.transact(async (tx) => {
      if (!isReport) await settleFollows(tx, account, difference)
      await tell(tx, account, difference, isReport)
      await job.finish(tx)
    })
    ctx.log.info({ account: account.uri, isReport, ...counts(difference) }, 'follows here and at their server differed')
  } catch (error) {
    if (!(error instanceof FetchFault) || (error.isTemporary && job.attempt < attemptsMax)) throw error
    ctx.log.info({ url, why: error.message }, 'a list of followers was not read')
  }
}

export interface Difference {
  /** Follows of ours that the other side does not have. */
  unknownThere: LocalFollow[]
  /** Requests of ours that the other side has accepted. */
  acceptedThere: LocalFollow[]
  /** People of ours whom the other side believes to follow. */
  unknownHere: { id: number; uri: string }[]
  isNone: boolean
}

async function compare(ctx: Context, account: Account, listed: ReadonlySet<string>, askedAt: number): Promise<Difference> {
  const ours = await findLocalFollows(ctx.db, account.id)
  const known = new Set(ours.map((follow) => follow.uri))
  // What was accepted after the list was made cannot stand in it.
  const unknownThere = ours
    .filter((one) => one.state === 'accepted' && (one.acceptedAt ?? 0) < askedAt && !listed.has(one.uri))
    .slice(0, settledMax)
  const acceptedThere = ours.filter((one) => one.state === 'pending' && listed.has(one.uri)).slice(0, settledMax)
  const strangers = [...listed].filter((uri) => !known.has(uri) && uri.startsWith(`${ctx.config.origin}/`))
  const found = await findByUris(ctx.db, strangers.slice(0, undoneMax))
  const unknownHere = [...found].filter(([, person]) => person.isOurs).map(([uri, { id }]) => ({ id, uri }))
  return { unknownThere, acceptedThere, unknownHere, isNone: unknownThere.length + acceptedThere.length + unknownHere.length === 0 }
}

function counts({ unknownThere, acceptedThere, unknownHere }: Difference) {
  return { ended: unknownThere.length, accepted: acceptedThere.length, undone: unknownHere.length }
}

async function tell(tx: Tx, account: Account, difference: Difference, isReport: boolean): Promise<void> {
  await recordAudit(
    tx,
    { kind: 'instance' },
    {
      act: isReport ? 'follows-differ' : 'follows-settled',
      targetKind: 'account',
      target: String(account.id),
      targetLabel: handleOf(account),
      details: counts(difference)
    }
  )
}
