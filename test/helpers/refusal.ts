import { Refusal, type RefusalKind } from '#server/errors.ts'

/** For `assert.rejects`: a refusal of this kind, with this message where one is named. */
export function refusal(kind: RefusalKind, key?: string): (error: unknown) => boolean {
  return (error) => error instanceof Refusal && error.kind === kind && (key === undefined || error.key === key)
}
