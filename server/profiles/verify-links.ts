import { eq } from 'drizzle-orm'
import type { Tx } from '#db/reader.ts'
import { accounts, type ProfileField } from '#db/schema/accounts.ts'
import { findAccount } from '#server/accounts/find-account.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { FetchBudget } from '#server/platform/fetch-budget.ts'
import { hostOf, siteOf } from '#server/platform/host-names.ts'
import { HttpError } from '#server/platform/http-error.ts'
import { findMeLinks, plainUrl } from '#server/profiles/find-me-links.ts'

export const verifyKind = 'verify-links'
/** Fields of one account that are asked about; each may lead on by redirects. */
const fieldsMax = 8
const fetchesMax = 24
const pageTypes = ['text/html', 'application/xhtml+xml']
const againMs = 7 * 24 * 60 * 60_000

/** A field that is one link and nothing else can be verified: by the page it leads to. */
const onlyLink = /^(?:<p>)?<a [^>]*?href="(https?:\/\/[^"]+)"[^>]*>(?:(?!<a[\s>])[\s\S])*<\/a>(?:<\/p>)?$/

/** Reaction: the links on a profile are asked whether they lead back. */
export async function askLinks(tx: Tx, { accountId }: { accountId: number }): Promise<void> {
  const account = await findAccount(tx, accountId)
  if (account && linksOf(account.fields).length > 0) await enqueue(tx, fetchJob(verifyKind, accountId, { accountId }))
}

/** Somebody signed in looks at a profile: its links are asked again once a week. */
export async function askLinksIfDue(ctx: Context, account: Account): Promise<void> {
  if (linksOf(account.fields).length === 0) return
  if (account.linksCheckedAt !== null && account.linksCheckedAt > ctx.clock.now() - againMs) return
  await ctx.transact(async (tx) => {
    // Noted at once, so that the next look does not ask again.
    await tx.update(accounts).set({ linksCheckedAt: tx.now }).where(eq(accounts.id, account.id))
    await askLinks(tx, { accountId: account.id })
  })
}

/**
 * Job: asks each page that a profile links to whether it links back with `rel="me"`, to the profile's address or the actor's id. What does not
 * answer, or leads to another site, counts as not linking back.
 */
export async function verifyLinks(ctx: Context, { accountId }: { accountId: number }, job: JobRun): Promise<void> {
  const account = await findAccount(ctx.db, accountId)
  const own = account ? addressesOf(account, ctx.config.origin) : new Set<string>()
  const budget = new FetchBudget(fetchesMax)
  const verified = new Set<string>()
  for (const url of account ? linksOf(account.fields) : []) if (await leadsBack(ctx, url, own, budget)) verified.add(url)
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    const now = await findAccount(tx, accountId)
    if (!now) return
    const fields = now.fields.map(({ name, valueHtml, verifiedAt }): ProfileField => {
      const url = linkOf(valueHtml)
      return url !== undefined && verified.has(url) ? { name, valueHtml, verifiedAt: verifiedAt ?? tx.now } : { name, valueHtml }
    })
    await tx.update(accounts).set({ fields, linksCheckedAt: tx.now }).where(eq(accounts.id, accountId))
  })
}

async function leadsBack(ctx: Context, url: string, own: ReadonlySet<string>, budget: FetchBudget): Promise<boolean> {
  try {
    const page = await ctx.http.get(url, { accept: 'text/html', contentTypes: pageTypes, budget })
    // A page that sends anybody on to anywhere would else speak for whoever it sends us to.
    if (siteOf(hostOf(page.url) ?? '') !== siteOf(hostOf(url) ?? '')) return false
    return [...(await findMeLinks(page.bytes.toString('utf8'), page.url))].some((link) => own.has(link))
  } catch (error) {
    if (error instanceof HttpError) return false
    throw error
  }
}

function linksOf(fields: readonly ProfileField[]): string[] {
  return [...new Set(fields.flatMap(({ valueHtml }) => linkOf(valueHtml) ?? []))].slice(0, fieldsMax)
}

function linkOf(valueHtml: string): string | undefined {
  return onlyLink.exec(valueHtml)?.[1]?.replaceAll('&amp;', '&')
}

function addressesOf({ name, domain, url, uri }: Account, origin: string): Set<string> {
  const own = [uri, ...(url === null ? [] : [url]), ...(domain === null ? [`${origin}/@${name}`] : [])]
  return new Set(own.flatMap((address) => URL.parse(address) ?? []).map(plainUrl))
}
