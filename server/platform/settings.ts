import { sql } from 'drizzle-orm'
import type { Database } from '#db/database.ts'
import type { Tx } from '#db/reader.ts'
import { settings as table } from '#db/schema/moderation.ts'
import type { RetentionLimits } from '#db/schema/retention.ts'
import type { Config } from '#server/config.ts'
import { cachedUntilSignal } from '#server/platform/cached.ts'

type InstanceSettings = Config['instance']

/** What admins change while the instance runs; seeded from the configuration once. */
export interface Settings extends InstanceSettings {
  /** When the list of first steps was put away; absent until then. */
  checklistPutAwayAt?: number
  /** What of other servers is kept; absent until an admin says something else than is done by default. */
  retention?: RetentionLimits
  /** Whether what many talk about is shown, and whether a moderator looks at it first; `reviewed` until an admin says otherwise. */
  trends?: 'reviewed' | 'open' | 'off'
  /** What people who are new here are shown first: a line of text, whom to follow (handles) and which hashtags; absent until an admin says. */
  welcome?: { text: string; handles: string[]; tags: string[] }
  /** Whether links are shown with what their pages say of themselves, which are asked for it. */
  linkPreviews: boolean
  /** Where the source code of what runs here can be had; empty when no admin has said. */
  sourceUrl: string
  /** How servers are met that were never heard of; absent until an admin says. */
  firstContact?: { mode: 'off' | 'requests' | 'hold'; days: number; newHostsPerHour: number }
}

/** What holds of settings that the configuration does not seed, until an admin says something else. */
const unsaid = { linkPreviews: true, sourceUrl: '' }

export const settingsTopic = 'settings'

export interface SettingsStore {
  /** The settings as they stand, at most a second behind another process. */
  get(): Promise<Settings>
  /** Changes some, in the caller's transaction. */
  change(tx: Tx, changes: Partial<Settings>): Promise<void>
}

export function createSettings(database: Database, config: Config): SettingsStore {
  async function load(): Promise<Settings> {
    const rows = await database.reader.select().from(table)
    return { ...unsaid, ...config.instance, ...Object.fromEntries(rows.map((row) => [row.key, row.value])) } as Settings
  }

  return {
    get: cachedUntilSignal(database, settingsTopic, load),
    async change(tx, changes) {
      for (const [key, value] of Object.entries(changes)) {
        await tx
          .insert(table)
          .values({ key, value, updatedAt: tx.now })
          .onConflictDoUpdate({ target: table.key, set: { value: sql`excluded.value`, updatedAt: tx.now } })
      }
      tx.signal(settingsTopic)
    }
  }
}

/** Writes the configuration's first values where none stand: later the table decides. */
export async function seedSettings(tx: Tx, config: Config): Promise<void> {
  const values = Object.entries(config.instance).map(([key, value]) => ({ key, value, updatedAt: tx.now }))
  await tx.insert(table).values(values).onConflictDoNothing()
}
