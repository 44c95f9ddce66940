import type { IncomingMessage } from 'node:http'

const activityTypes = ['application/activity+json', 'application/ld+json', 'application/json']
const headerCharactersMax = 1_000
const htmlTypes = ['text/html', 'application/xhtml+xml']

/**
 * The route constraint `accept`: the same URL is a page and an ActivityPub document. Pages register without a constraint (or with
 * `html`, to be there for nobody else); documents with `activity`, and win when the request prefers them. Both vary by Accept.
 */
export const acceptConstraint = {
  name: 'accept',
  storage() {
    const handlers = new Map<string, never>()
    return {
      get: (wanted: string) => handlers.get(wanted) ?? null,
      set: (wanted: string, handler: never) => void handlers.set(wanted, handler)
    }
  },
  deriveConstraint: (request: IncomingMessage) => (prefersActivity(request.headers.accept) ? 'activity' : 'html'),
  validate(value: unknown) {
    if (value !== 'activity' && value !== 'html') throw new Error('The constraint "accept" is "activity" or "html".')
  },
  mustMatchWhenDerived: false
}

/** Whether an Accept header asks for ActivityPub (RFC 9110, 12.5.1): it names one of its types, and no page is wanted more. */
export function prefersActivity(accept: string | undefined): boolean {
  if (accept === undefined || !/json/i.test(accept)) return false
  const weights = weightsOf(accept)
  const activity = heaviest(weights, activityTypes)
  return activity > 0 && activity >= heaviest(weights, htmlTypes)
}

/** Whether to answer with a page: for browsers, and for whoever does not say. */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return true
  const weights = weightsOf(accept)
  const html = Math.max(heaviest(weights, htmlTypes), weights.get('text/*') ?? 0, weights.get('*/*') ?? 0)
  return html > 0 && !prefersActivity(accept)
}

function weightsOf(accept: string): Map<string, number> {
  const weights = new Map<string, number>()
  for (const range of accept.slice(0, headerCharactersMax).split(',')) {
    const [type = '', ...parameters] = range.split(';')
    const q = parameters.map((parameter) => /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(parameter)?.[1]).find((value) => value !== undefined)
    const weight = q === undefined ? 1 : Number(q)
    const name = type.trim().toLowerCase()
    weights.set(name, Math.max(weights.get(name) ?? 0, Number.isFinite(weight) ? weight : 0))
  }
  return weights
}

function heaviest(weights: Map<string, number>, types: string[]): number {
  return Math.max(...types.map((type) => weights.get(type) ?? 0))
}
