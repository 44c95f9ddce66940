import type { Reader, Tx } from '#db/reader.ts'

/** What a transaction carries besides the database; main.ts and the tests supply it. */
export interface Carried {
  now(): number
  /** `tries` is 1 at the first run of a transaction's body and grows with each collision. */
  newId(at?: number, tries?: number): number
  react(tx: Tx, fact: string, ids: object): Promise<void>
}

/** An open database of either dialect. */
export interface Database {
  readonly reader: Reader
  transact<T>(body: (tx: Tx) => Promise<T>): Promise<T>
  /** Listens to what `tx.signal` sent, from this process and others; topic `*` means: anything may have changed. Returns the way to stop. */
  onSignal(listener: (topic: string) => void): () => void
  /**
   * A text that is another one once anything was committed, by this process or another: what was read after it was asked for holds as long as it is the
   * same. SQLite answers at once; PostgreSQL is asked once for all who want to know in one turn of the event loop.
   */
  mark(): string | Promise<string>
  /** Brings the schema up to the code. Refuses (SchemaError) when the schema is newer than the code. */
  migrate(options: {
    beforeChange(): Promise<void> /** The caller holds the lock that keeps migrations apart. */
    isLocked?: boolean
  }): Promise<{ from: number; to: number }>
  /** Migrations applied, and those the code knows. */
  schemaVersion(): Promise<{ applied: number; known: number }>
  /** A consistent copy by the engine's own online means, into a new file. */
  copyTo(file: string): Promise<void>
  /** What is wrong with what is stored, one plain sentence each; reads all of it, which takes its time. */
  problems(): Promise<string[]>
  /** Whether a server is at work on it; SQLite cannot tell (see server/platform/server-lock.ts). Ask before listening to signals oneself. */
  isServed(): Promise<boolean>
  sizeBytes(): Promise<number>
  close(): Promise<void>
}

/** The database cannot be used as it is; the message says what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
}
