import type { NewJob } from '#server/jobs/enqueue.ts'

/**
 * A job that asks another server. `of` is what it asks about, an address or a number: while a job of the kind waits with that, no other is written, so
 * that nothing is fetched twice at once. `input` when it is more than the address.
 */
export function fetchJob(kind: string, of: string | number, input: Record<string, unknown> = { uri: of }): NewJob {
  return { kind, input, lane: 'fetch', onceKey: `${kind} ${of}` }
}
