import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { linksIn, pathsOf, shapesOf } from '#test/web/crawler/paths.ts'
import type { Viewer } from '#test/web/crawler/viewers.ts'
import { type CrawledWorld, startCrawledWorld } from '#test/web/crawler/world.ts'

/** Links that are followed to one route with one kind of query: what they lead to beyond is more of the same. Far above what this world has of anything. */
const linksPerShapeMax = 60
/** Where one is led back after signing in: each address of the house stands there once. */
const returnsMax = 3
/** Some twenty thousand requests: half a minute on a machine of its own. */
const longMs = 840_000
/** Nothing of these may lie in any cache (law 6). */
const neverKept = /^\/(sign-in|sign-up|owner|password|confirm|settings|admin)(\/|\?|$)/
/** Some of what the panel is there to show: the walk really goes through it. */
const ofThePanel = [
  'comment of a report',
  'note under a report',
  'reason of a sign-up',
  'name of a suspended account',
  'reason of an act of moderation'
]

test('law 4: whoever walks all routes and follows all links comes across nothing that is not theirs', { timeout: longMs }, async (t) => {
  const world = await startCrawledWorld(t)
  for (const viewer of world.viewers) {
    await t.test(viewer.name, (inner) => walk(inner, world, viewer))
  }
})

async function walk(t: TestContext, world: CrawledWorld, viewer: Viewer): Promise<void> {
  const { instance, markers } = world
  const faults: string[] = []
  const seen = new Map<string, string>()
  const visited = new Set<string>()
  const known = new Set<string>()
  const waiting = startsFor(world)
  const gets = instance.app.routeTable.filter(({ method }) => method === 'GET')
  const shapeOf = shapesOf(gets)
  const followed = new Map<string, number>()
  const routes = new Set<string>()
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (visited.has(path)) continue
    visited.add(path)
    known.add(path)
    routes.add(shapeOf(path).split(' ', 1)[0]!)
    const asked = wordsOf(path)
    const response = await viewer.get(path)
    const type = String(response.headers['content-type'] ?? '')
    const isText = /^(text|application)\//.test(type)
    // A page is the same for every server that asks: its signature counts for documents.
    const reader = viewer.isPeer && type.startsWith('text/html') ? 'anonymous' : viewer.name
    const said = `${isText ? response.body : ''}\n${JSON.stringify(response.headers)}`
    for (const fault of faultsOf(response, path, type, viewer)) faults.push(`${path}: ${fault}`)
    for (const marker of markers) {
      // What somebody asks for by its name stands in the answer's words: that is an echo, not a leak.
      if (!said.includes(marker.text) || asked.includes(marker.text)) continue
      const isAllowed = marker.for.includes(reader) || (marker.isForPanel && viewer.isModerator && path.startsWith('/admin'))
      if (isAllowed) seen.set(marker.name, path)
      else faults.push(`${path} (${response.statusCode}) shows ${viewer.name} the ${marker.name}`)
    }
    const location = response.headers.location
    const links = [
      ...(isText ? linksIn(response.body, type, instance.config.origin) : []),
      ...(location ? linksIn(JSON.stringify([new URL(String(location), instance.config.origin).href]), 'json', instance.config.origin) : [])
    ]
    for (const link of links.filter((each) => !known.has(each))) {
      known.add(link)
      const shape = shapeOf(link)
      const count = (followed.get(shape) ?? 0) + 1
      followed.set(shape, count)
      if (count <= (shape.endsWith(' next') ? returnsMax : linksPerShapeMax)) waiting.push(link)
    }
  }
  assert.deepEqual(faults, [])
  const notVisited = gets.map(({ url }) => url).filter((url) => !routes.has(shapeOf(url.replace('*', 'x'))))
  assert.deepEqual(notVisited, [], 'every route that is looked at was looked at')
  t.diagnostic(`${visited.size} addresses, ${seen.size} markers that are theirs`)
  // Whoever is meant to see something did: the walk really comes by.
  const missed = markers.filter((marker) => marker.for.includes(viewer.name) && !seen.has(marker.name)).map(({ name }) => name)
  assert.deepEqual(missed, [])
  if (viewer.isModerator) for (const name of ofThePanel) assert.ok(seen.has(name), `the panel shows moderators the ${name}`)
}

/** An address as its reader reads it, for what its page may repeat. */
function wordsOf(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function startsFor({ instance, values, searches }: CrawledWorld): string[] {
  const routes = instance.app.routeTable.filter(({ method }) => method === 'GET')
  const paths = routes.flatMap((route) => pathsOf(route, values))
  assert.ok(paths.length > 50, 'the table of routes is there')
  // Whatever takes a search, under whatever name of the usual ones, finds nothing that is not shown.
  const searched = routes
    .filter(({ url }) => !/[:*]/.test(url) && /search|accounts|audit|domains/.test(url))
    .flatMap(({ url }) => searches.map((words) => `${url}?q=${encodeURIComponent(words)}`))
  const completed = searches.map(
    (words) => `/completions?kind=${words.startsWith('hush') ? 'tag' : 'person'}&q=${encodeURIComponent(words)}`
  )
  return [...paths, ...searched, ...completed]
}

function* faultsOf({ statusCode, headers }: LightMyRequestResponse, path: string, type: string, viewer: Viewer): Generator<string> {
  if (statusCode >= 500 || statusCode === 429) yield `answered ${statusCode}`
  const cache = String(headers['cache-control'] ?? '')
  if (headers['set-cookie'] !== undefined && !/private|no-store/.test(cache))
    yield `gives a cookie in an answer that caches may keep (${cache})`
  if (neverKept.test(path) && !cache.includes('no-store')) yield `may be kept (${cache})`
  if (statusCode < 400 && cache === '') yield `no rule for caches (${statusCode})`
  if (viewer.isSignedIn && type.startsWith('text/html') && /public/.test(cache)) yield `a page for one person may be shared (${cache})`
  if (!type.startsWith('text/html')) return
  if (!/private|no-store/.test(cache)) yield `a page without a rule for caches (${cache})`
  const vary = String(headers.vary ?? '')
  for (const name of ['Accept', 'Cookie'])
    if (!new RegExp(`(^|,\\s*)${name}(,|$)`, 'i').test(vary)) yield `varies by ${vary}, not by ${name}`
  const policy = String(headers['content-security-policy'] ?? '')
  for (const part of ["default-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"])
    if (!policy.includes(part)) yield `its policy lacks ${part}`
  if (/unsafe|\*/.test(policy)) yield `its policy is ${policy}`
  if (headers['x-content-type-options'] !== 'nosniff') yield 'may be sniffed'
  if (headers['referrer-policy'] !== 'same-origin') yield `tells others where one comes from (${headers['referrer-policy']})`
  if (!/max-age=\d{7,}/.test(String(headers['strict-transport-security']))) yield 'does not insist on https'
}
