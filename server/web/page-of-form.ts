import type { FastifyRequest } from 'fastify'
import { type Access, knowsCookies, type RouteEntry } from '#server/web/access.ts'
import { safePath } from '#server/web/return-to.ts'

/**
 * Where somebody belongs who opens an address that only takes forms: a refused form is shown again at such an address, and its reader may
 * reload it, keep it or pass it on. It is the nearest page above it that whoever may send the form may see; undefined when no form goes there.
 */
export function createPageOfForm(table: readonly RouteEntry[]): (request: FastifyRequest) => string | undefined {
  let shapes: { forms: Shape[]; pages: Shape[] } | undefined
  return ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return undefined
    // The routes are all there by the time the first request is.
    shapes ??= { forms: shapesOf(table, 'POST'), pages: shapesOf(table, 'GET') }
    const path = url.split('?', 1)[0]!
    const form = shapes.forms.find((each) => each.shape.test(path))
    if (!form) return undefined
    for (let above = parentOf(path); above !== ''; above = parentOf(above)) {
      if (shapes.pages.some((page) => page.shape.test(above) && page.rank <= form.rank)) return safePath(above)
    }
    return '/'
  }
}

interface Shape {
  shape: RegExp
  /** Place of its access among `ranks`. */
  rank: number
}

const ranks: readonly Access[] = ['anyone', 'signed-in', 'moderator', 'admin', 'owner']

/** Parameters as our own pages write them: an address with escapes in it was made up. */
function shapesOf(table: readonly RouteEntry[], method: string): Shape[] {
  const routes = table.filter((route) => route.method === method && knowsCookies(route.access) && route.accept !== 'activity')
  return routes.map(({ url, access }) => ({
    shape: new RegExp(`^${url.replace(/[.+*]/g, '\\$&').replace(/:\w+/g, '[^/%]+')}$`),
    rank: ranks.indexOf(access)
  }))
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}
