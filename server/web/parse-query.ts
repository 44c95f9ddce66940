/**
 * A query string as an object: texts, or lists where a name comes more than once. Never fails: bad percent-encoding becomes U+FFFD, and
 * NUL, which no database takes, is left out.
 */
export function parseQuery(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const clean = value.replaceAll('\0', '')
    const known = query[name]
    if (known === undefined) query[name] = clean
    else if (Array.isArray(known)) known.push(clean)
    else query[name] = [known, clean]
  }
  return query
}
