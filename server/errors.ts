/** What kind of answer a refusal is; the doors map it to a status code. */
export type RefusalKind =
  | 'malformed' // 400: not even readable as what it should be
  | 'invalid' // 422: the input is wrong; `field` names where
  | 'unauthenticated' // 401: sign in first
  | 'forbidden' // 403: known, and not allowed
  | 'missing' // 404: not there, or not for this viewer
  | 'gone' // 410: was there
  | 'conflict' // 409: clashes with what is there
  | 'too-large' // 413
  | 'unsupported' // 415
  | 'misdirected' // 421: meant for another host
  | 'too-many' // 429: later; `values.retryAfterMs` may say when
  | 'unavailable' // 503: a part we depend on does not answer

export const statusOfRefusal: Record<RefusalKind, number> = {
  malformed: 400,
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  gone: 410,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  misdirected: 421,
  'too-many': 429,
  unavailable: 503
}

const minuteMs = 60_000

export type RefusalValues = Record<string, string | number>

/**
 * An answer we meant to give, as opposed to a bug. `key` is a message of the catalogue, `values` fill it,
 * `field` names the input that was wrong so that a form can show the message beside it.
 */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly key: string
  readonly values: RefusalValues
  readonly field: string | undefined

  constructor(kind: RefusalKind, key: string, values: RefusalValues = {}, field?: string) {
    super(`${kind}: ${key}`)
    this.name = 'Refusal'
    this.kind = kind
    this.key = key
    this.values = values
    this.field = field
  }
}

/** Several fields of a form are wrong, each with its own refusal. */
export class FormRefusal extends Refusal {
  readonly fields: readonly Refusal[]

  constructor(fields: readonly Refusal[]) {
    super('invalid', 'form.hasErrors')
    this.fields = fields
  }
}

type Checks = Record<string, () => unknown>

/**
 * What each check of a form comes to, by name. All are tried, so that whoever filled it in hears of every wrong field at once: the refusal of a single
 * field is thrown as it is, those of several as a FormRefusal. A refusal that names no field, like any other error, is thrown at once.
 */
export function checkEach<C extends Checks>(checks: C): { [K in keyof C]: ReturnType<C[K]> } {
  const refusals: Refusal[] = []
  const values: Record<string, unknown> = {}
  for (const [name, check] of Object.entries(checks)) {
    try {
      values[name] = check()
    } catch (error) {
      refusals.push(...fieldsOf(error))
    }
  }
  refuseFields(refusals)
  return values as { [K in keyof C]: ReturnType<C[K]> }
}

/** As checkEach, for checks that wait for an answer: one after the other. */
export async function checkEachInTurn<C extends Checks>(checks: C): Promise<{ [K in keyof C]: Awaited<ReturnType<C[K]>> }> {
  const refusals: Refusal[] = []
  const values: Record<string, unknown> = {}
  for (const [name, check] of Object.entries(checks)) {
    try {
      values[name] = await check()
    } catch (error) {
      refusals.push(...fieldsOf(error))
    }
  }
  refuseFields(refusals)
  return values as { [K in keyof C]: Awaited<ReturnType<C[K]>> }
}

/** Throws what was refused of a form's fields; nothing when nothing was. */
export function refuseFields(refusals: readonly Refusal[]): void {
  if (refusals.length > 1) throw new FormRefusal(refusals)
  if (refusals[0]) throw refusals[0]
}

function fieldsOf(error: unknown): readonly Refusal[] {
  if (error instanceof FormRefusal) return error.fields
  if (error instanceof Refusal && error.field !== undefined) return [error]
  throw error
}

/** What fills a refusal's message: its values, and how long to wait in whole minutes where it says so. */
export function textValuesOf({ values }: Refusal): RefusalValues {
  const { retryAfterMs } = values
  return retryAfterMs === undefined ? values : { ...values, minutes: Math.max(1, Math.ceil(Number(retryAfterMs) / minuteMs)) }
}

/** The instance cannot start as things are; the message is one sentence that says why and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** Errors whose message is a sentence meant for whoever sits at the terminal; anything else is a bug and keeps its stack. */
const plainNames = ['ConfigError', 'SchemaError', 'StartError']

/** Whether an error tells an operator what to do. By its name, since who asks may not have loaded the database yet. */
export function isPlainError(error: unknown): boolean {
  return error instanceof Error && plainNames.includes(error.name)
}
