import { LRUCache } from 'lru-cache'
import { HttpError } from '#server/platform/http-error.ts'

const failuresMax = 10_000

interface Failure {
  sentence: string
  untilMs: number
}

interface MayFail {
  /** The URL, and whatever else makes two questions differ. */
  key: string
  url: string
  rememberMs: number
}

export interface FailureMemory<T extends { status: number }> {
  /**
   * Runs `ask` unless the same question failed less than `rememberMs` ago (then HttpError `negative-cache`) or is being
   * asked at this moment (then its outcome is shared). A status of 400 or more counts as a failure, but is returned.
   */
  ask(question: MayFail, ask: () => Promise<T>): Promise<T>
}

/**
 * Keeps a burst of messages that all name one dead or missing document from turning into a burst of requests. The least
 * recently used of 10,000 failures is forgotten first, so that inventing addresses costs us nothing.
 */
export function createFailureMemory<T extends { status: number }>(now: () => number): FailureMemory<T> {
  const failures = new LRUCache<string, Failure>({ max: failuresMax })
  const underWay = new Map<string, Promise<T>>()

  function remember({ key, rememberMs }: MayFail, sentence: string): void {
    failures.set(key, { sentence, untilMs: now() + rememberMs })
  }

  async function askAndWatch(question: MayFail, ask: () => Promise<T>): Promise<T> {
    try {
      const response = await ask()
      if (response.status >= 400) remember(question, `it answered ${response.status}`)
      return response
    } catch (error) {
      if (error instanceof HttpError && error.isTheirs) remember(question, error.message)
      throw error
    } finally {
      underWay.delete(question.key)
    }
  }

  return {
    async ask(question, ask) {
      const failure = failures.get(question.key)
      if (failure !== undefined && failure.untilMs > now()) {
        throw new HttpError(
          'negative-cache',
          `${question.url} failed a moment ago and is not asked again yet: ${failure.sentence}`,
          question.url
        )
      }
      for (let running = underWay.get(question.key); running !== undefined; running = underWay.get(question.key)) {
        try {
          return await running
        } catch (error) {
          // A budget is the first caller's own; whoever joined it asks again under theirs.
          if (!(error instanceof HttpError) || error.reason !== 'budget') throw error
        }
      }
      const asked = askAndWatch(question, ask)
      underWay.set(question.key, asked)
      return asked
    }
  }
}
