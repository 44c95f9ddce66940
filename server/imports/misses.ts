import { and, eq, inArray } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { importRows } from '#db/schema/imports.ts'
import { hostOf } from '#server/platform/host-names.ts'

/** After so many of one server that were not found, and fewer that were, it is not asked about more: a list of inventions would have us flood it. */
const missesMax = 50

/** What is known of the servers that the rows of one import name. */
export interface Misses {
  /** Whether the server of a row is asked no more. */
  isHopeless(subject: string): boolean
  note(subject: string, isFound: boolean): void
}

/** As far as an import has come; nothing while so few rows failed that the next `count` do not make it enough. */
export async function missesOf(db: Reader, importId: number, count: number): Promise<Misses> {
  const balance = new Map<string, { found: number; missed: number }>()
  const note = (subject: string, isFound: boolean) => {
    const host = hostIn(subject)
    const of = balance.get(host) ?? { found: 0, missed: 0 }
    of[isFound ? 'found' : 'missed']++
    balance.set(host, of)
  }
  const failed = await db.$count(importRows, and(eq(importRows.importId, importId), eq(importRows.state, 'failed')))
  if (failed + count >= missesMax) {
    const rows = await db
      .select({ subject: importRows.subject, state: importRows.state })
      .from(importRows)
      .where(and(eq(importRows.importId, importId), inArray(importRows.state, ['done', 'failed'])))
    for (const { subject, state } of rows) note(subject, state === 'done')
  }
  return {
    note,
    isHopeless(subject) {
      const { found = 0, missed = 0 } = balance.get(hostIn(subject)) ?? {}
      return missed >= missesMax && missed > found
    }
  }
}

/** The server that a handle or an address names, as far as it matters for counting; empty for one of ours. */
function hostIn(subject: string): string {
  return hostOf(subject) ?? /@([^@]+)$/.exec(subject)?.[1]?.toLowerCase() ?? ''
}
