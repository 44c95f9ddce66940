import type { Matrix } from '#test/interop/matrix.ts'
import type { Skerry, SkerryPerson } from '#test/interop/skerry.ts'
import type { Snac, SnacPerson } from '#test/interop/snac.ts'

/** Both servers with the people on them: Ada follows and is followed, Bo and Kim are strangers to the other side. */
export interface World {
  readonly matrix: Matrix
  readonly skerry: Skerry
  readonly snac: Snac
  readonly ada: SkerryPerson
  readonly bo: SkerryPerson
  readonly sam: SnacPerson
  readonly kim: SnacPerson
}

export const out = 'Skerry → snac'
export const back = 'snac → Skerry'

/** Fails with a sentence about what was found in place of what was hoped for. */
export function expect(isSo: unknown, what: string, found: unknown): void {
  if (!isSo) throw new Error(`${what}; found ${typeof found === 'string' ? found : JSON.stringify(found)}`.slice(0, 1_500))
}
