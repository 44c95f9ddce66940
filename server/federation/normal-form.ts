import { toCompact } from '#server/federation/json-ld.ts'
import { findJsonFault } from '#server/federation/gate/scan-json.ts'
import { inspectTerms } from '#server/federation/normal-form/inspect-terms.ts'
import { NormalFormFault } from '#server/federation/normal-form/types.ts'
import { isRecord, type Json } from '#server/federation/normal-form/values.ts'

/** Strict, and a byte order mark goes. It keeps nothing from one document to the next. */
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Parses the bytes of a document of another server: valid UTF-8, nested and sized within bounds, no key twice, one object. Throws
 * NormalFormFault. What the words mean is for `normalize`.
 */
export function parseDocument(bytes: Buffer): Json {
  const text = decode(bytes)
  const fault = findJsonFault(text)
  if (fault !== undefined) throw new NormalFormFault(`The JSON is refused: ${fault}.`)
  const json = parse(text)
  const document = Array.isArray(json) && json.length === 1 ? json[0] : json
  if (!isRecord(document)) throw new NormalFormFault('The document must be one JSON object.')
  return document
}

/**
 * Compact AS2 with the usual words, from a parsed document. What is already that (nearly everything) is returned as it
 * is; the rest is expanded and compacted with bundled contexts. Throws NormalFormFault for documents that could be read in two ways.
 */
export async function normalize(document: Json): Promise<Json> {
  return inspectTerms(document) === 'direct' ? document : toCompact(document)
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new NormalFormFault('The document is not UTF-8.')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new NormalFormFault('The document is not JSON.')
  }
}
