import * as v from 'valibot'
import type { Context } from '#server/context.ts'
import { schemesFor } from '#server/federation/ask-webfinger.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import { fetchJob } from '#server/jobs/fetch-job.ts'
import type { JobRun } from '#server/jobs/job-run.ts'
import { hostsToAsk, noteSoftware, type Software } from '#server/peers/software.ts'
import { cleanName } from '#server/platform/clean-text.ts'
import { FetchBudget } from '#server/platform/fetch-budget.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { HttpError } from '#server/platform/http-error.ts'

/** Servers asked in one turn of the clock. */
const peersPerTurn = 50
const nameCharactersMax = 100
const bytesMax = 262_144
const jsonTypes = ['application/json', 'application/jrd+json']

const linksSchema = v.object({ links: v.pipe(v.array(v.object({ rel: v.string(), href: v.string() })), v.maxLength(50)) })
const nodeInfoSchema = v.object({ software: v.object({ name: v.string(), version: v.fallback(v.string(), '') }) })

/** By the clock: servers that something was exchanged with lately are asked what they run. */
export async function readNodeInfos(ctx: Context): Promise<void> {
  const hosts = await hostsToAsk(ctx.db, ctx.clock.now(), peersPerTurn)
  await ctx.transact(async (tx) => {
    for (const host of hosts) await enqueue(tx, fetchJob('read-nodeinfo', host, { host }))
  })
}

/** Reads what a server runs (NodeInfo 2). One that says nothing readable is left without a name, and asked again in two weeks. */
export async function readNodeInfo(ctx: Context, { host }: { host: string }, job: JobRun): Promise<void> {
  const read = await ask(ctx, host)
  await ctx.transact(async (tx) => {
    await job.finish(tx)
    await noteSoftware(tx, host, read)
  })
}

/** Whether a fediverse server answers at a host, and not what stands in its place while it is away. */
export async function servesNodeInfo(ctx: Context, host: string, budget: FetchBudget): Promise<boolean> {
  try {
    return (await linksOf(ctx, host, budget)).length > 0
  } catch (error) {
    if (isUnreadable(error)) return false
    throw error
  }
}

async function linksOf(ctx: Context, host: string, budget: FetchBudget) {
  const [scheme] = schemesFor(ctx, host)
  const well = await ctx.http.get(`${scheme}://${host}/.well-known/nodeinfo`, {
    accept: 'application/json',
    contentTypes: jsonTypes,
    bytesMax,
    budget
  })
  return v.parse(linksSchema, well.json()).links
}

function isUnreadable(error: unknown): boolean {
  return error instanceof HttpError || error instanceof v.ValiError || error instanceof SyntaxError
}

async function ask(ctx: Context, host: string): Promise<Software> {
  const budget = new FetchBudget(4)
  try {
    const links = await linksOf(ctx, host, budget)
    const link = links.filter(({ rel }) => rel.startsWith('http://nodeinfo.diaspora.software/ns/schema/2.')).at(-1)
    // What a server runs is for itself to say.
    if (!link || hostOf(link.href) !== host) return {}
    const answer = await ctx.http.get(link.href, { accept: 'application/json', contentTypes: jsonTypes, bytesMax, budget })
    const { software } = v.parse(nodeInfoSchema, answer.json())
    return { software: cleanName(software.name, nameCharactersMax), softwareVersion: cleanName(software.version, nameCharactersMax) }
  } catch (error) {
    if (isUnreadable(error)) return {}
    throw error
  }
}
