/** The schema as drizzle-kit reads it for this dialect; the order of these two lines matters. */
import '#db/dialects/postgres/choose.ts'

export * from '#db/schema/all.ts'
