import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { fetchRemoteMedia } from '#server/media/fetch-remote-media.ts'
import { findMediaFile, type MediaFile, type MediaSize } from '#server/media/find-media-file.ts'
import { findShownMedia } from '#server/media/find-shown-media.ts'
import { imageTypesServed } from '#server/media/image-kinds.ts'
import { findTinyPicture } from '#server/media/tiny-picture.ts'
import type { Media } from '#server/media/upload-image.ts'

type MediaRequest = FastifyRequest<{ Params: { key: string } }>

/** Many come with each page, and they cost next to nothing: they do not count as requests of an address. */
const config = { access: 'anyone', rateLimit: false } as const

/**
 * Files are bytes of others: whatever a browser makes of them, it may run nothing and load nothing. Other sites may show them, since
 * that is what their address is given out for.
 */
const headers = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  'cache-control': 'public, max-age=31536000, immutable'
}

/** `/media/<key>`, `/media/<key>/preview` and `/media/<key>/tiny`: pictures of ours, and of others once they were fetched. */
export async function mediaRoutes(app: FastifyInstance, ctx: Context): Promise<void> {
  app.get('/media/:key', { config }, (request: MediaRequest, reply) => answerMedia(ctx, request, reply, 'full'))
  app.get('/media/:key/preview', { config }, (request: MediaRequest, reply) => answerMedia(ctx, request, reply, 'preview'))
  app.get('/media/:key/tiny', { config }, (request: MediaRequest, reply) => answerMedia(ctx, request, reply, 'tiny'))
}

async function answerMedia(ctx: Context, request: MediaRequest, reply: FastifyReply, size: MediaSize): Promise<FastifyReply> {
  const shown = await findShownMedia(ctx, request.params.key)
  const file = shown && (await fileOf(ctx, shown, size))
  if (!file || !imageTypesServed.some((type) => type === file.mime)) throw new Refusal('missing', 'errors.missing')

  const etag = `"${file.hash}"`
  if (request.headers['if-none-match'] === etag)
    return reply
      .code(304)
      .headers({ ...headers, etag })
      .send()
  const stored = await ctx.storage.open(file.hash)
  if (!stored) throw new Error(`The file ${file.hash} is named in the database and not in storage.`)
  return reply.headers({ ...headers, etag, 'content-type': file.mime, 'content-length': stored.sizeBytes }).send(stored.stream)
}

async function fileOf(ctx: Context, shown: Media, size: MediaSize): Promise<MediaFile | undefined> {
  if (size === 'tiny') return findTinyPicture(ctx, shown)
  const fetched = await fetchRemoteMedia(ctx, shown)
  return fetched && findMediaFile(ctx.db, fetched, size)
}
