import type { TestContext } from 'node:test'
import { users } from '#db/schema/sign-in.ts'
import { furnish } from '#test/web/bad-input/collect-forms.ts'
import { securityPages } from '#test/web/bad-input/security-pages.ts'
import { type BadInputWorld, startBadInputWorld } from '#test/web/bad-input/world.ts'
import { linksIn, shapesOf } from '#test/web/crawler/paths.ts'

/** A page as somebody was answered. */
export interface FoundPage {
  /** Who looked, and where. */
  name: string
  path: string
  status: number
  html: string
  /** Of the page alone, in Brotli; undefined for those that are not measured. */
  packedBytes: number | undefined
}

const viewers = { anonymous: 'anyone', person: 'signed-in', moderator: 'moderator', admin: 'admin' } as const
/** What everybody sees alike is looked at as a person; staff is followed into the panel. */
const isOfStaff = (viewer: string) => viewer === 'moderator' || viewer === 'admin'

/** One page of every route that anybody can reach, as each kind of viewer, out of a world in which every state has come about; in English. */
export async function findPages(t: TestContext): Promise<{ world: BadInputWorld; pages: FoundPage[] }> {
  const world = await startBadInputWorld(t)
  const starts = await furnish(world)
  const { ctx, app, config } = world.instance
  const ofSecurity = await securityPages(world)
  await ctx.transact((tx) => tx.update(users).set({ language: 'en' }))
  await ctx.transact((tx) => ctx.settings.change(tx, { language: 'en' }))
  const shapeOf = shapesOf(app.routeTable.filter(({ method }) => method === 'GET'))
  const pages: FoundPage[] = ofSecurity.map((html, at) => ({
    name: `security ${at}`,
    path: `/settings/security?${at}`,
    status: 200,
    html,
    packedBytes: undefined
  }))
  for (const [viewer, access] of Object.entries(viewers)) {
    const guest = await world.actor(access)
    const asked = new Set<string>()
    const found = new Set<string>()
    const waiting = [...starts, '/nowhere']
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const shape = shapeOf(path)
      if (asked.has(path) || found.has(shape) || (isOfStaff(viewer) && !path.startsWith('/admin'))) continue
      asked.add(path)
      const { statusCode: status, headers, body: html } = await guest.get(path)
      const location = headers.location === undefined ? [] : [String(headers.location)]
      waiting.push(...location.filter((each) => each.startsWith('/')))
      if (!String(headers['content-type']).startsWith('text/html') || html === '') continue
      // What is not there for this viewer is tried again elsewhere, and shown once as what it is.
      found.add(status < 400 ? shape : `${shape} ${status}`)
      if (status >= 400 && path !== '/nowhere') continue
      waiting.push(...linksIn(html, 'text/html', config.origin))
      const packed = await guest.get(path, { 'accept-encoding': 'br' })
      pages.push({ name: `${path} as ${viewer}`, path, status, html, packedBytes: packed.rawPayload.length })
    }
  }
  return { world, pages }
}

/** Of all pages so many that each class, type and role of an element stands on one of them; the largest come first. */
export function coveringPages(pages: readonly FoundPage[]): FoundPage[] {
  const parted = pages.map((page) => ({ page, parts: partsOf(page) })).toSorted((one, other) => other.parts.size - one.parts.size)
  const seen = new Set<string>()
  return parted.filter(({ parts }) => [...parts].filter((part) => !seen.has(part) && seen.add(part)).length > 0).map(({ page }) => page)
}

/** What a page's own part is made of. */
function partsOf({ html }: FoundPage): Set<string> {
  const own = html.slice(html.indexOf('<main'))
  return new Set(
    [...own.matchAll(/<(\w+)[^>]*?\s(?:class|type|role)="[^"]*"/g)].map(([tag]) => tag.replace(/\s(?!class|type|role)[\w-]+="[^"]*"/g, ''))
  )
}
