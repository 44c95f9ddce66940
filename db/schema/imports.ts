import { sql } from 'drizzle-orm'
import { index, int, json, table, text, time } from '#db/table.ts'

export type ImportKind = 'follows' | 'blocks' | 'mutes' | 'servers' | 'lists' | 'bookmarks'

/** What a row says beside whom or what it is about. */
export interface ImportChoices {
  showBoosts?: boolean
  notifies?: boolean
  hidesNotifications?: boolean
  /** The list that somebody goes into. */
  list?: string
}

/** A file or a list that somebody of ours brought along, worked off row by row. */
export const imports = table(
  'imports',
  {
    id: int().primaryKey(),
    accountId: int().notNull(),
    kind: text<ImportKind>().notNull(),
    rowsCount: int().notNull(),
    createdAt: time().notNull(),
    /** When no row was left to do; null while some are. */
    endedAt: time()
  },
  (t) => [index('imports_account').on(t.accountId, t.id)]
)

export const importRows = table(
  'import_rows',
  {
    id: int().primaryKey(),
    importId: int().notNull(),
    /** As it was written, cleaned: a handle, a host or the address of a post. */
    subject: text().notNull(),
    choices: json<ImportChoices>().notNull().default({}),
    state: text<'waiting' | 'done' | 'failed'>().notNull().default('waiting'),
    /** Message of why it failed, with its values; null unless it did. */
    reasonKey: text(),
    reasonValues: json<Record<string, string | number>>()
  },
  (t) => [
    index('import_rows_of').on(t.importId, t.state, t.id),
    index('import_rows_waiting').on(t.importId, t.id).where(sql`state = 'waiting'`)
  ]
)
