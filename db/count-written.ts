/**
 * How many rows a statement without `returning` wrote: both drivers say it, each in its own word. Cheaper on SQLite than to have rows handed back only to
 * count them, which takes a table of its own each time.
 */
export function countWritten(outcome: unknown): number {
  const { changes, rowCount } = outcome as { changes?: number; rowCount?: number }
  const count = changes ?? rowCount
  if (count === undefined) throw new Error('The driver does not say how many rows it wrote.')
  return count
}
