/** A `Collection-Synchronization` header (FEP-8fcf). */
export interface SyncClaim {
  /** The followers collection of whoever sends. */
  collectionId: string
  /** Where the receiving server's part of it is listed. */
  url: string
  /** Hex, lower case. */
  digest: string
}

const headerCharactersMax = 2_000
const parameter = /\s*([A-Za-z]+)\s*=\s*"([^"\\]*)"\s*(?:,|$)/y

export function toSyncHeader({ collectionId, url, digest }: SyncClaim): string {
  return `collectionId="${collectionId}", url="${url}", digest="${digest}"`
}

/** Reads the header; undefined when it is not whole, says a thing twice, or its digest is none. */
export function readSyncHeader(header: string | string[] | undefined): SyncClaim | undefined {
  if (typeof header !== 'string' || header.length > headerCharactersMax) return undefined
  const said = new Map<string, string>()
  parameter.lastIndex = 0
  while (parameter.lastIndex < header.length) {
    const [, name, value] = parameter.exec(header) ?? []
    if (name === undefined || value === undefined || said.has(name)) return undefined
    said.set(name, value)
  }
  const collectionId = said.get('collectionId')
  const url = said.get('url')
  const digest = said.get('digest')?.toLowerCase()
  if (collectionId === undefined || url === undefined || digest === undefined || !/^[0-9a-f]{64}$/.test(digest)) return undefined
  return { collectionId, url, digest }
}
