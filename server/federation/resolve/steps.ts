import { FetchFault } from '#server/federation/fetch-fault.ts'
import type { ResolveOptions, ResolveStep } from '#server/peers/fediverse.ts'

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
        onStep?.({ key, values, isOk: false, error: error.message })
        return undefined
      }
    },
    note: (key, values, isOk) => onStep?.({ key, values, isOk })
  }
}
