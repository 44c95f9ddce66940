import { eq } from 'drizzle-orm'
import { media } from '#db/schema/media.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { storeImages } from '#server/media/store-images.ts'
import { type Media, refuseSize } from '#server/media/upload-image.ts'
import { type BoundedWork, createBoundedWork } from '#server/platform/bounded-work.ts'
import { hostOf } from '#server/platform/host-names.ts'
import { HttpError, type HttpErrorReason } from '#server/platform/http-error.ts'
import { onePer } from '#server/platform/one-per.ts'

/** Pictures of others fetched at once by this process, and how many more people may wait for one. */
const activeMax = 8
const waitingMax = 200
/** The same of one server: however slow it is, most places are for the others. */
const perHostActiveMax = 2
const perHostWaitingMax = 40
/** After a failure that may pass, the same address is left alone so long. */
const retryMs = 10 * 60_000

/** A custom emoji is a small picture; larger files of that name are left alone. */
const emojiBytesMax = 262_144
/** A page names a picture for others to show, of some hundred kilobytes; a larger one is not worth the way. */
const linkPictureBytesMax = 4_000_000

const bytesMaxOfUse: { [use in Media['use']]?: number } = { emoji: emojiBytesMax, preview: linkPictureBytesMax }

/** Object stores often say nothing about the type; what it is shows in the bytes. */
const contentTypes = ['image/*', 'application/octet-stream', 'binary/octet-stream']

/** Failures that lie in the picture or its address. A blocked host is not among them: a block may be lifted. */
const lastingReasons: ReadonlySet<HttpErrorReason> = new Set([
  'bad-url',
  'scheme',
  'port',
  'blocked-address',
  'redirects',
  'too-large',
  'content-type'
])
const lastingStatuses: ReadonlySet<number> = new Set([400, 404, 405, 410, 414, 451])

const fetchingOf = onePer((_ctx: Context) => ({
  turns: createBoundedWork({ activeMax, waitingMax, busyKey: 'errors.busy' }),
  /** Turns of one server, taken before those above; a server nobody asks anything of leaves no trace. */
  turnsOf: new Map<string, BoundedWork>(),
  /** By id of the media row: whoever looks at a picture that is being fetched waits for that one fetch. */
  underWay: new Map<number, Promise<Media | undefined>>()
}))

/**
 * Fetches a remote picture at the first look at it and makes of it what is made of uploads. Returns the row with its file, or undefined
 * when it cannot be had: for good (`isBroken` is set), or for now. Refusal `too-many` when too many fetches wait.
 */
export async function fetchRemoteMedia(ctx: Context, remote: Media): Promise<Media | undefined> {
  if (remote.fileHash !== null) return remote
  if (remote.isBroken || remote.remoteUrl === null) return undefined
  const { underWay } = fetchingOf(ctx)
  const running = underWay.get(remote.id)
  if (running) return running
  const url = remote.remoteUrl
  const fetched = inTurn(ctx, hostOf(url) ?? '', () => fetchAndStore(ctx, remote, url)).finally(() => underWay.delete(remote.id))
  underWay.set(remote.id, fetched)
  return fetched
}

async function inTurn<T>(ctx: Context, host: string, work: () => Promise<T>): Promise<T> {
  const { turns, turnsOf } = fetchingOf(ctx)
  let own = turnsOf.get(host)
  if (!own)
    turnsOf.set(host, (own = createBoundedWork({ activeMax: perHostActiveMax, waitingMax: perHostWaitingMax, busyKey: 'errors.busy' })))
  try {
    return await own.run(() => turns.run(work))
  } finally {
    const { active, waiting } = own.stats()
    if (active + waiting === 0) turnsOf.delete(host)
  }
}

async function fetchAndStore(ctx: Context, remote: Media, url: string): Promise<Media | undefined> {
  const bytesMax = Math.min(bytesMaxOfUse[remote.use] ?? Number.POSITIVE_INFINITY, ctx.config.limits.imageBytesMax)
  const bytes = await fetchBytes(ctx, url, bytesMax)
  if (bytes === 'broken') return markBroken(ctx, remote)
  if (bytes === 'later') return undefined
  const use = remote.use
  try {
    refuseSize(bytes, ctx.config.limits.imageBytesMax)
    const made = await ctx.images.make(bytes, { use, isFirstFrameEnough: true })
    return await storeImages(ctx, made, async (tx, stored) => {
      const [kept] = await tx.update(media).set(stored).where(eq(media.id, remote.id)).returning()
      return kept
    })
  } catch (error) {
    if (error instanceof Refusal && error.kind !== 'too-many') return markBroken(ctx, remote)
    throw error
  }
}

/** The bytes at an address of another server, or whether they may still come. */
export async function fetchBytes(ctx: Context, url: string, bytesMax: number): Promise<Buffer | 'broken' | 'later'> {
  // A document that names a file of ours would have us ask ourselves.
  if (hostOf(url) === ctx.config.host) return 'broken'
  try {
    const answer = await ctx.http.get(url, {
      accept: 'image/webp,image/avif,image/*;q=0.9',
      contentTypes,
      bytesMax,
      headersFor: (hop) => refuseOwn(ctx, hop),
      rememberFailureMs: retryMs
    })
    if (answer.status >= 200 && answer.status < 300) return answer.bytes
    return lastingStatuses.has(answer.status) ? 'broken' : 'later'
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    return lastingReasons.has(error.reason) ? 'broken' : 'later'
  }
}

/** Nor is a redirect to ourselves followed: it may lead to the very picture that is being fetched, which would wait for itself. */
function refuseOwn(ctx: Context, hop: URL): Record<string, string> {
  if (hostOf(hop) === ctx.config.host) throw new HttpError('redirects', 'The picture is said to lie here.', hop.href)
  return {}
}

async function markBroken(ctx: Context, remote: Media): Promise<undefined> {
  await ctx.transact((tx) => tx.update(media).set({ isBroken: true }).where(eq(media.id, remote.id)).returning({ id: media.id }))
}
