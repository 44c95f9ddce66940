import type { FastifyRequest } from 'fastify'
import { Refusal } from '#server/errors.ts'
import { readId } from '#server/platform/ids.ts'

export type IdRequest = { Params: { id: string } }

/** The id in an address. Refusal `missing` (in the words of `key`) when it is none: no such thing can be there. */
export function idAsked({ params }: FastifyRequest<IdRequest>, key = 'errors.missing'): number {
  const id = readId(params.id)
  if (id === undefined) throw new Refusal('missing', key)
  return id
}

/** The token of a one-time link, as its address has it. */
export function tokenAsked({ params }: FastifyRequest): string {
  return (params as { token: string }).token
}

/** A parameter of the address; the last one when it comes more than once, empty when it does not come. */
export function asked(request: FastifyRequest, name: string): string {
  const value = (request.query as Record<string, string | string[] | undefined>)[name]
  return (Array.isArray(value) ? value.at(-1) : value) ?? ''
}

/** Pages further on than this are not asked for; a list that long has a search. */
const pageMax = 1_000

/** The page of a list that an address asks for, from 0; the first for whatever is no number. */
export function pageNumberAsked(request: FastifyRequest): number {
  return Math.min(Math.max(Number.parseInt(asked(request, 'page'), 10) || 0, 0), pageMax)
}

/** One of a few values that an address may ask for; the first when it asks for something else. */
export function askedOf<T extends string>(request: FastifyRequest, name: string, values: readonly [T, ...T[]]): T {
  const value = asked(request, name)
  return values.find((each) => each === value) ?? values[0]
}
