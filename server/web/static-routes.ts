import type { FastifyInstance } from 'fastify'
import { Refusal } from '#server/errors.ts'

const forever = 'public, max-age=31536000, immutable'
const forADay = 'public, max-age=86400'

/** Style sheet, icons and the rest of views/static: their addresses change with their content. */
export function staticRoutes(app: FastifyInstance): void {
  const { renderer } = app
  const anyone = { config: { access: 'anyone', rateLimit: false } } as const

  app.get<{ Params: { hash: string; name: string } }>('/static/:hash/:name', anyone, async (request, reply) => {
    const asset = renderer.assets.find(`/static/${request.params.hash}/${request.params.name}`)
    if (!asset) throw new Refusal('missing', 'errors.missing')
    reply.type(asset.contentType).header('cache-control', forever).header('vary', 'Accept-Encoding')
    const takesBrotli = /\bbr\b(?!\s*;\s*q=0(?:\.0*)?\b)/.test(String(request.headers['accept-encoding'] ?? ''))
    return asset.brotliBody && takesBrotli ? reply.header('content-encoding', 'br').send(asset.brotliBody) : reply.send(asset.body)
  })

  // Browsers and robots ask for these by name.
  for (const [path, name] of [
    ['/favicon.ico', 'favicon.ico'],
    ['/favicon.svg', 'favicon.svg'],
    ['/robots.txt', 'robots.txt']
  ] as const) {
    app.get(path, anyone, async (_request, reply) => {
      const asset = renderer.assets.find(renderer.assets.paths[name] ?? '')
      if (!asset) throw new Refusal('missing', 'errors.missing')
      return reply.type(asset.contentType).header('cache-control', forADay).send(asset.body)
    })
  }
}
