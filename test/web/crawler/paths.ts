import type { RouteEntry } from '#server/web/access.ts'
import { unescapeHtml } from '#test/helpers/html.ts'
import type { ParameterValues } from '#test/web/crawler/world.ts'

const parameter = /:(\w+)|\*/g

/**
 * All addresses of a route: its parameters filled with everything that stands in the world. Fails at a parameter that the table does not
 * know, so that nobody adds a route whose parameter is left out.
 */
export function pathsOf({ url }: RouteEntry, values: ParameterValues): string[] {
  const names = [...url.matchAll(parameter)].map(([, name]) => name ?? '*')
  if (names.length === 0) return [url]
  const rows = rowsFor(url, names, values)
  return rows.map((row) => url.replace(parameter, (_all, name) => encodeURIComponent(row[name ?? '*']!).replaceAll('%40', '@')))
}

function rowsFor(url: string, names: string[], values: ParameterValues): Record<string, string>[] {
  const isAuthored = names.includes('id') && (names.includes('name') || names.includes('handle'))
  const fixed = isAuthored ? values.authored.map(({ name, handle, id }) => ({ name, handle, id })) : [{}]
  const free = names.filter((name) => !isAuthored || !['name', 'handle', 'id'].includes(name))
  return free.reduce<Record<string, string>[]>((rows, name) => {
    const filled = valuesOf(name, values)
    if (!filled)
      throw new Error(
        `The crawler has no values for the parameter ${name} of ${url}: add some to test/web/crawler, so that the route is walked.`
      )
    return rows.flatMap((row) => filled.map((value) => ({ ...row, [name]: value })))
  }, fixed)
}

function valuesOf(name: string, values: ParameterValues): string[] | undefined {
  const table: Record<string, string[]> = {
    name: values.names,
    handle: values.handles,
    id: values.ids,
    authorization: values.authorizations,
    key: values.keys,
    tag: values.tags,
    token: values.tokens,
    domain: values.domains,
    host: values.domains,
    /** Static files: what links lead to is walked too. */
    '*': ['robots.txt', 'x', '../package.json'],
    /** Of static files, whose right addresses stand in every page. */
    hash: ['x']
  }
  return table[name]
}

/** What tells whether two addresses are of one kind: the route they come to and the names in their query, but not what stands there. */
export function shapesOf(routes: readonly RouteEntry[]): (path: string) => string {
  // Where several fit, the one with the fewest parameters is meant.
  const parametersIn = ({ url }: RouteEntry) => url.match(parameter)?.length ?? 0
  const known = [...routes]
    .sort((one, other) => parametersIn(one) - parametersIn(other))
    .map(({ url }) => ({
      url,
      fits: new RegExp(`^${url.replaceAll('.', '\\.').replace(parameter, (all) => (all === '*' ? '.*' : '[^/]+'))}$`)
    }))
  return (path) => {
    const { pathname, searchParams } = new URL(path, 'https://any.test')
    const url = known.find(({ fits }) => fits.test(pathname))?.url ?? pathname
    return [url, ...new Set(searchParams.keys())].join(' ')
  }
}

/** Where a page or a document leads to on this instance: paths with their query, without the part after `#`. */
export function linksIn(body: string, type: string, origin: string): string[] {
  const found = type.startsWith('text/html') ? linksOfPage(body) : type.includes('json') ? linksOfDocument(body, origin) : []
  return [...new Set(found.flatMap((link) => localPathOf(link, origin)))]
}

function linksOfPage(html: string): string[] {
  const attributes = [...html.matchAll(/\s(?:href|src|srcset)="([^"]*)"/g)].map(([, value]) => value!.split(' ', 1)[0]!)
  const forms = [...html.matchAll(/<form\b[^>]*>/g)].flatMap(([tag]) =>
    /method="post"/i.test(tag) ? [] : [/action="([^"]*)"/.exec(tag)?.[1] ?? '']
  )
  return [...attributes, ...forms].map(unescapeHtml)
}

function linksOfDocument(json: string, origin: string): string[] {
  return [...json.matchAll(/"(https?:[^"]*)"/g)].map(([, url]) => url!).filter((url) => url.startsWith(origin))
}

function localPathOf(link: string, origin: string): string[] {
  const url = URL.parse(link, `${origin}/`)
  return url?.origin === origin ? [url.pathname + url.search] : []
}
