import { readRetryAfter } from '#server/federation/deliver/retry-after.ts'
import type { DeliveryOutcome } from '#server/peers/settle-deliveries.ts'
import { HttpError, type HttpResponse } from '#server/platform/http-client.ts'

/** Refusals that pass in practice: a 401 of a server that could not read our key just now, a 404 while something is deployed, a 410 of somebody who is there. */
const absentTriesMax = 3
const passingTriesMax = new Map([
  [401, 4],
  [404, absentTriesMax],
  [410, absentTriesMax]
])
/** Too early, too many, too slow: the request itself was fine. */
const laterStatuses = new Set([408, 425, 429])
/** The server in front, or the server, says that nothing works. */
const downStatuses = new Set([429, 502, 503, 504, 521, 522, 523, 530])
const busyWaitMs = 5_000
const excerptCharactersMax = 200

/** What an answer to a delivery means for it, once no other signature is worth a try. */
export function judgeAnswer(response: HttpResponse, now: number): Exclude<DeliveryOutcome, { kind: 'delivered' }> | undefined {
  const { status } = response
  if (status >= 200 && status < 300) return undefined
  const error = `${status}${excerpt(response)}`
  const triesMax = passingTriesMax.get(status)
  if (triesMax !== undefined) return { kind: 'failed', error, host: 'alive', triesMax }
  if (status < 500 && !laterStatuses.has(status)) return { kind: 'refused', error, isAlive: true }
  const retryAfterMs = readRetryAfter(response.headers['retry-after'], now)
  return {
    kind: 'failed',
    error,
    host: downStatuses.has(status) ? 'down' : 'unwell',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs })
  }
}

/** Whether the refusal may be about the manner of signing, so that the other manner is worth one try. */
export function maySignOtherwise(status: number): boolean {
  return status === 400 || status === 401 || status === 403
}

/** Whether a server says that nobody has this inbox. */
export function maySayGone(status: number): boolean {
  return status === 404 || status === 410
}

/** Of an inbox whose actor is gone: 410 is its last word at once; 404 may be that of a server under repair, which knows nobody, until its last try. */
export function isFinalAbsence(status: number, attempts: number): boolean {
  return status === 410 || attempts >= absentTriesMax
}

/** What a request that came to nothing means for its delivery. */
export function judgeError(error: unknown): DeliveryOutcome {
  if (!(error instanceof HttpError)) return { kind: 'failed', error: error instanceof Error ? error.message : String(error), host: 'alive' }
  if (error.reason === 'blocked-host') return { kind: 'dropped' }
  if (error.reason === 'busy' || error.reason === 'closed') return { kind: 'postponed', waitMs: busyWaitMs }
  const text = `${error.reason}: ${error.message}`
  return error.isPermanent ? { kind: 'refused', error: text, isAlive: false } : { kind: 'failed', error: text, host: 'down' }
}

function excerpt(response: HttpResponse): string {
  const text = response.bytes
    .toString('utf8')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
  return text === '' || text.startsWith('<') ? '' : `: ${text.slice(0, excerptCharactersMax)}`
}
