import { asc } from 'drizzle-orm'
import type { Reader } from '#db/reader.ts'
import { domainLimits } from '#db/schema/moderation.ts'

export type DomainLimit = typeof domainLimits.$inferSelect

/** All limits on domains, by domain. */
export function listDomainLimits(db: Reader): Promise<DomainLimit[]> {
  return db.select().from(domainLimits).orderBy(asc(domainLimits.domain))
}
