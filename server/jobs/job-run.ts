import type { Tx } from '#db/reader.ts'

/** A job as its handler sees it. */
export interface JobRun {
  readonly id: number
  /** 1 at the first try. */
  readonly attempt: number
  /**
   * Call it inside the transaction that writes the job's effects: the job is done in the same commit, so a crash can neither lose
   * nor repeat them. Throws (and so rolls back) when another worker took the job over.
   */
  finish(tx: Tx): Promise<void>
}

/** A job that can never succeed: it becomes a dead letter at once, with this reason. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless'
}
