import { meaningfulIris, usualIris, usualPrefixes } from '#server/federation/normal-form/terms.ts'
import { NormalFormFault } from '#server/federation/normal-form/types.ts'
import { isRecord, type Json } from '#server/federation/normal-form/values.ts'

/** Prefixes of prefixes of prefixes; more is a riddle. */
const prefixStepsMax = 5

/**
 * Parts of contexts, and values, that a document may have which only JSON-LD can read: each part costs its processor up to a millisecond, as it makes all
 * words anew, and each value twenty times what it costs to read it directly.
 */
const contextPartsMax = 64
const expandedValuesMax = 2_500

/** `direct`: the words mean what they usually mean. `expand`: only JSON-LD can say. */
export type Reading = 'direct' | 'expand'

const refusedKeywords = new Set(['@graph', '@included', '@reverse', '@nest', '@index'])
const languageMaps = new Set(['contentMap', 'nameMap', 'summaryMap'])

/**
 * Decides how a document may be read, by its inline contexts and its keys alone; contexts named by URL count as the usual ones and are
 * never loaded. Throws NormalFormFault for whatever gives two readers two documents: @graph, @included, @reverse, keywords
 * under another name, usual words with another meaning; and for what would take JSON-LD too long.
 */
export function inspectTerms(document: Json): Reading {
  let reading: Reading = 'direct'
  let contextParts = 0
  let values = 0
  const open: unknown[] = [document]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Array.isArray(value)) {
      values += value.length
      for (const each of value) if (each !== null && typeof each === 'object') open.push(each)
      continue
    }
    for (const [key, inner] of Object.entries(value as Json)) {
      values += 1
      if (key === '@context') {
        contextParts += Array.isArray(inner) ? inner.length : 1
        if (inspectContext(inner) === 'expand') reading = 'expand'
        continue
      }
      if (refusedKeywords.has(key)) throw new NormalFormFault(`${key} is not accepted.`)
      if (key.startsWith('@') || isMeaningfulIri(key) || (key === 'type' && hasMeaningfulIri(inner))) reading = 'expand'
      if (inner === null || typeof inner !== 'object') continue
      if (languageMaps.has(key)) values += Object.keys(inner).length
      else open.push(inner)
    }
  }
  if (reading === 'expand' && (contextParts > contextPartsMax || values > expandedValuesMax))
    throw new NormalFormFault('The document is not in the usual words, and too large to be put into them.')
  return reading
}

/** A usual word written as its IRI, or with its prefix. */
export function isMeaningfulIri(key: string): boolean {
  return key.includes(':') && meaningfulIris.has(resolve(key, new Map()))
}

/** A usual type in the same long spelling (`as:Note`). */
function hasMeaningfulIri(types: unknown): boolean {
  return Array.isArray(types) ? types.some(hasMeaningfulIri) : typeof types === 'string' && isMeaningfulIri(types)
}

function inspectContext(context: unknown): Reading {
  const definitions = definitionsIn(context)
  let reading: Reading = 'direct'
  for (const [term, definition] of definitions) {
    const iri = definition === null ? '' : resolve(definition, definitions)
    if (iri.startsWith('@')) {
      if (iri !== `@${term}` || (term !== 'id' && term !== 'type')) throw new NormalFormFault(`"${term}" must not stand for ${iri}.`)
      continue
    }
    const usual = usualIris.get(term)
    if (usual && !usual.includes(iri)) throw new NormalFormFault(`"${term}" must not mean anything but ${usual[0]}.`)
    if ((term === 'id' || term === 'type') && iri !== `@${term}`) throw new NormalFormFault(`"${term}" must not be redefined.`)
    if (!usual && meaningfulIris.has(iri)) reading = 'expand'
  }
  return reading
}

/** Every term that an inline context defines, with what it is defined as. */
function definitionsIn(context: unknown): Map<string, string | null> {
  const found = new Map<string, string | null>()
  for (const part of Array.isArray(context) ? context : [context]) {
    if (typeof part === 'string') continue
    if (!isRecord(part)) throw new NormalFormFault('A context must be an address or an object.')
    for (const [term, definition] of Object.entries(part)) {
      if (term.startsWith('@')) {
        if (term === '@import' || term === '@propagate') throw new NormalFormFault(`${term} is not accepted in a context.`)
        continue
      }
      const value = definitionOf(term, definition)
      if (found.has(term) && found.get(term) !== value) throw new NormalFormFault(`"${term}" is defined twice.`)
      found.set(term, value)
    }
  }
  return found
}

function definitionOf(term: string, definition: unknown): string | null {
  if (definition === null || typeof definition === 'string') return definition
  if (!isRecord(definition)) throw new NormalFormFault(`The definition of "${term}" cannot be read.`)
  for (const key of ['@reverse', '@nest', '@context']) {
    if (key in definition) throw new NormalFormFault(`${key} is not accepted in the definition of "${term}".`)
  }
  const id = definition['@id']
  if (id === undefined) return usualIris.get(term)?.[0] ?? term
  if (typeof id !== 'string') throw new NormalFormFault(`The definition of "${term}" cannot be read.`)
  return id
}

/** The IRI (or keyword) that a word or prefixed word leads to. */
function resolve(value: string, definitions: ReadonlyMap<string, string | null>): string {
  let iri = value
  for (let step = 0; step < prefixStepsMax; step += 1) {
    if (iri.startsWith('@')) return iri
    const colon = iri.indexOf(':')
    if (iri.startsWith('//', colon + 1)) return iri
    const prefix = colon < 0 ? iri : iri.slice(0, colon)
    const known = definitions.get(prefix) ?? (colon < 0 ? undefined : usualPrefixes.get(prefix))
    if (known === undefined || known === null) return usualIris.get(iri)?.[0] ?? iri
    if (known === iri) return iri
    iri = colon < 0 ? known : known + iri.slice(colon + 1)
  }
  throw new NormalFormFault('A context leads in circles.')
}
