import { HttpError } from '#server/platform/http-error.ts'

/** Requests that one step (one inbound activity, one page of a thread) may cause, redirects counted. */
export const fetchesPerStepMax = 20

/** What one step may still ask for. Handed along through everything the step does, so that no chain of documents grows without bound. */
export class FetchBudget {
  #left: number
  readonly fetchesMax: number

  constructor(fetchesMax = fetchesPerStepMax) {
    this.fetchesMax = fetchesMax
    this.#left = fetchesMax
  }

  get left(): number {
    return this.#left
  }

  /** Sets so many requests aside for a step that follows from this one; false, and nothing is taken, when fewer are left. */
  reserve(count: number): boolean {
    if (this.#left < count) return false
    this.#left -= count
    return true
  }

  /** Takes one request off; throws an HttpError with reason `budget` when none is left. */
  spend(url: URL): void {
    if (this.#left <= 0) {
      throw new HttpError('budget', `This step has already made its ${this.fetchesMax} requests.`, url.href)
    }
    this.#left -= 1
  }
}
