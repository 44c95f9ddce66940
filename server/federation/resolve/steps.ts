import { FetchFault } from '#server/federation/fetch-fault.ts'
import type { ResolveOptions, ResolveStep, StepFault } from '#server/peers/fediverse.ts'
import { HttpError, type HttpErrorReason } from '#server/platform/http-error.ts'

/** Tells whoever wants to know what was tried and how it went. */
export interface Steps {
  /** Does one thing that may fail; undefined when it did, since a later one may still lead somewhere. */
  attempt<T>(key: string, values: ResolveStep['values'], work: () => Promise<T>): Promise<T | undefined>
  /** Notes something that needed no work. */
  note(key: string, values: ResolveStep['values'], isOk: boolean): void
}

export function createSteps({ onStep }: ResolveOptions): Steps {
  return {
    async attempt(key, values, work) {
      try {
        const found = await work()
        onStep?.({ key, values, isOk: true })
        return found
      } catch (error) {
        if (!(error instanceof FetchFault)) throw error
        onStep?.({ key, values, isOk: false, error: error.message, reason: faultOf(error) })
        return undefined
      }
    },
    note: (key, values, isOk) => onStep?.({ key, values, isOk })
  }
}

/** Of failures of HTTP those that came with an answer; all others kept us from having one. */
const answered = new Set<HttpErrorReason>(['too-large', 'content-type', 'encoding', 'json'])

function faultOf({ isGone, status, cause }: FetchFault): StepFault {
  if (isGone) return 'gone'
  if (status === 401 || status === 403) return 'refused'
  if (status !== undefined) return status === 429 || status >= 500 ? 'troubled' : 'unreadable'
  if (!(cause instanceof HttpError)) return 'unreadable'
  if (cause.reason === 'negative-cache') return 'recent'
  return answered.has(cause.reason) ? 'unreadable' : 'unreachable'
}
