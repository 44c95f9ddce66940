import { MIMEType } from 'node:util'

/**
 * Whether a Content-Type header is one of the allowed types. `image/*` allows every subtype. A type with parameters wants each of
 * them: `application/ld+json; profile="https://www.w3.org/ns/activitystreams"` is not met by bare `application/ld+json`; a
 * profile may be a list of which that is one (RFC 6906).
 */
export function isContentTypeAllowed(header: string, allowed: readonly string[]): boolean {
  const found = parse(header)
  return found !== undefined && allowed.some((type) => matches(found, new MIMEType(type)))
}

/** Type and subtype in lower case, without parameters; empty when the header is absent or malformed. */
export function mediaTypeOf(header: string): string {
  return header === '' ? '' : (parse(header)?.essence ?? '')
}

function matches(found: MIMEType, wanted: MIMEType): boolean {
  if (found.type !== wanted.type) return false
  if (wanted.subtype !== '*' && found.subtype !== wanted.subtype) return false
  return [...wanted.params].every(([name, value]) => (found.params.get(name) ?? '').split(/\s+/).includes(value))
}

function parse(header: string): MIMEType | undefined {
  try {
    return new MIMEType(header)
  } catch {
    return undefined
  }
}
