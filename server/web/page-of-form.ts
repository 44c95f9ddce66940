import type { FastifyRequest } from 'fastify'
import type { RouteEntry } from '#server/web/access.ts'
import { safePath } from '#server/web/return-to.ts'

/**
 * Where somebody belongs who opens an address that only takes forms: a refused form is shown again at such an address, and its reader may
 * reload it, keep it or pass it on. It is the nearest page above it; undefined when no form goes there.
 */
export function createPageOfForm(table: readonly RouteEntry[]): (request: FastifyRequest) => string | undefined {
  let shapes: { forms: RegExp[]; pages: RegExp[] } | undefined
  return ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return undefined
    // The routes are all there by the time the first request is.
    shapes ??= { forms: shapesOf(table, 'POST'), pages: shapesOf(table, 'GET') }
    const path = url.split('?', 1)[0]!
    if (!shapes.forms.some((shape) => shape.test(path))) return undefined
    for (let above = parentOf(path); above !== ''; above = parentOf(above)) {
      if (shapes.pages.some((shape) => shape.test(above))) return safePath(above)
    }
    return '/'
  }
}

/** Parameters as our own pages write them: an address with escapes in it was made up. */
function shapesOf(table: readonly RouteEntry[], method: string): RegExp[] {
  const routes = table.filter((route) => route.method === method && route.access !== 'peer' && route.accept !== 'activity')
  return routes.map(({ url }) => new RegExp(`^${url.replace(/[.+*]/g, '\\$&').replace(/:\w+/g, '[^/%]+')}$`))
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}
