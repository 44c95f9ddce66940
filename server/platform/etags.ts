import { hash } from 'node:crypto'

const hashCharacters = 22

/** A strong ETag (RFC 9110, section 8.8.3) that follows from the content alone. */
export function etagOf(content: string | Buffer): string {
  return `"${hash('sha256', content, 'base64url').slice(0, hashCharacters)}"`
}

/** Whether `If-None-Match` names an ETag: it may list several, and weak ones (RFC 9110, section 13.1.2). */
export function hasEtag(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((part) => part.trim().replace(/^W\//, '') === etag) ?? false
}
