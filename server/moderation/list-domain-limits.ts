import { and, asc, gt } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { domainLimits } from '#db/schema/moderation.ts'
import { contains, searchKey } from '#server/search/like-pattern.ts'

const pageRows = 40

export type DomainLimit = typeof domainLimits.$inferSelect

/** All limits on domains, by domain. */
export function listDomainLimits(db: Reader): Promise<DomainLimit[]> {
  return db.select().from(domainLimits).orderBy(asc(domainLimits.domain))
}

/** A page of them: those behind `after`, whose domain holds `query`. */
export async function pageDomainLimits(
  db: Reader,
  { query = '', after = '' }: { query?: string; after?: string }
): Promise<{ rows: DomainLimit[]; nextAfter: string | undefined }> {
  const key = searchKey(query)
  const found = await db
    .select()
    .from(domainLimits)
    .where(and(gt(domainLimits.domain, after), key === '' ? undefined : contains(domainLimits.domain, key)))
    .orderBy(asc(domainLimits.domain))
    .limit(pageRows + 1)
  const rows = found.slice(0, pageRows)
  return { rows, nextAfter: found.length > pageRows ? rows.at(-1)?.domain : undefined }
}
