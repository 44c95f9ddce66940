import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '#server/errors.ts'
import { cleanText } from '#server/platform/clean-text.ts'

const KiB = 1024
/** What apps send here is texts. */
const bodyBytesMax = 256 * KiB
const fieldsMax = 200
const nameCharactersMax = 100

/** What came along by name: a text, or several of one name. */
export type Parameters = Record<string, string | string[]>

/**
 * Reads bodies of all three kinds that apps send to the same address (urlencoded, JSON, multipart) into one shape, `request.body` of type Parameters. Values of
 * JSON that are no texts are read as their text; objects within it are left out.
 */
export async function parseBodies(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  await app.register(formbody, { bodyLimit: bodyBytesMax, parser: parseUrlencoded as never })
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: bodyBytesMax }, async (_request: unknown, text: string) =>
    parseJson(text)
  )
  await app.register(multipart)
  app.addHook('preValidation', async (request) => {
    if (request.isMultipart()) request.body = await parseMultipart(request).catch(refuseMalformed)
    request.body ??= Object.create(null)
  })
}

/** The body of a request whose route reads one. */
export function bodyOf(request: FastifyRequest): Parameters {
  return request.body as Parameters
}

/** The one text of that name; undefined when there is none, or when it is empty. Refusal `malformed` when there are several. */
export function textOf(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name]
  if (Array.isArray(value)) throw new Refusal('malformed', 'api.repeated', { name })
  return value === '' ? undefined : value
}

/** All texts of that name, also as `name[]`. */
export function textsOf(parameters: Parameters, name: string): string[] {
  return [parameters[name] ?? [], parameters[`${name}[]`] ?? []].flat()
}

function parseUrlencoded(text: string): Parameters {
  return gather(new URLSearchParams(text))
}

function parseJson(text: string): Parameters {
  if (text.trim() === '') return gather([])
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal('malformed', 'errors.malformed')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('malformed', 'errors.malformed')
  return gather(
    Object.entries(value).flatMap(([name, each]) =>
      [each].flat().flatMap((one): [string, string][] => (isPlain(one) ? [[name, String(one)]] : []))
    )
  )
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

async function parseMultipart(request: FastifyRequest): Promise<Parameters> {
  const limits = {
    fieldNameSize: nameCharactersMax,
    fieldSize: bodyBytesMax,
    fields: fieldsMax,
    files: 0,
    parts: fieldsMax,
    headerPairs: 20
  }
  const entries: [string, string][] = []
  // The parser bounds each text alone: 200 of them would be 50 MB, held for whoever asks.
  let charactersLeft = bodyBytesMax
  for await (const part of request.parts({ limits } as never)) {
    if (part.type === 'file' || typeof part.value !== 'string') throw new Refusal('malformed', 'errors.malformed')
    charactersLeft -= part.value.length
    if (part.valueTruncated || charactersLeft < 0) throw new Refusal('too-large', 'errors.formTooLarge')
    entries.push([part.fieldname, part.value])
  }
  return gather(entries)
}

/** The parser says with a bare Error that a body is cut short or no multipart at all. */
function refuseMalformed(error: unknown): never {
  const isMeant = error instanceof Refusal || (error as { statusCode?: number }).statusCode !== undefined
  throw isMeant ? error : Object.assign(new Refusal('malformed', 'errors.malformed'), { cause: error })
}

function gather(entries: Iterable<[string, string]>): Parameters {
  const parameters: Parameters = Object.create(null)
  let count = 0
  for (const [name, value] of entries) {
    if (++count > fieldsMax) throw new Refusal('too-large', 'errors.formTooLarge')
    if (name.length > nameCharactersMax) continue
    const clean = cleanText(value)
    const known = parameters[name]
    if (known === undefined) parameters[name] = clean
    else if (Array.isArray(known)) known.push(clean)
    else parameters[name] = [known, clean]
  }
  return parameters
}
