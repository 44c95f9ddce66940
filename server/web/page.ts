import type { FastifyReply } from 'fastify'
import { etagOf, hasEtag } from '#server/platform/etags.ts'
import { chromeOf, type PageFrame } from '#server/web/chrome.ts'
import type { AllPageViews } from '#server/web/render.ts'

export interface PageOptions extends PageFrame {
  /** 200 when absent. */
  status?: number
  /** `none` keeps the page out of every cache (direct messages); what the route declares, when absent. */
  cache?: 'private' | 'none'
}

/**
 * Answers with a page. Whatever is personal stays in the reader's own browser and is asked about again each time (`private, no-cache`
 * with an ETag, so that Back keeps place and typed text); what must not lie anywhere is `no-store`.
 */
export async function page<Name extends keyof AllPageViews>(
  reply: FastifyReply,
  name: Name,
  view: AllPageViews[Name],
  options: PageOptions
): Promise<FastifyReply> {
  const { request } = reply
  const { status = 200 } = options
  const isKept = (options.cache ?? request.routeOptions.config?.cache ?? 'private') === 'private'
  const chrome = await chromeOf(request, reply, options)
  const html = reply.server.renderer.pageBytes(name, { view, chrome, t: request.t })
  reply.code(status).type('text/html; charset=utf-8').header('vary', 'Accept, Accept-Language, Cookie')
  if (!isKept) return reply.header('cache-control', 'no-store').send(html)
  reply.header('cache-control', 'private, no-cache')
  if (status !== 200) return reply.send(html)
  const etag = etagOf(html)
  reply.header('etag', etag)
  return hasEtag(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(html)
}
