import type { FastifyReply, FastifyRequest } from 'fastify'
import { FormRefusal, Refusal, type RefusalKind, statusOfRefusal, textValuesOf } from '#server/errors.ts'
import type { Translate } from '#server/platform/messages.ts'
import { emptyForm, type Form } from '#server/web/form.ts'
import type { CheckView, ChoiceView, InputView } from '#server/web/views/form-view.ts'

/** Refusals after which the form is shown again, with all that was typed. */
const shownWithForm = new Set<RefusalKind>(['invalid', 'forbidden', 'conflict', 'too-many', 'too-large', 'unsupported', 'unavailable'])

/** Says of a form that was given back with its texts that files belong to it. */
export const filesLostField = 'filesLost'

export interface Option {
  value: string
  label: string
  hint?: string
}

/** A form as a page shows it: blank (with what is stored), or as it was sent, with what was wrong. */
export class Typed {
  readonly status: number
  /** A sentence about the whole form; undefined when only fields are wrong, or nothing. */
  readonly error: string | undefined
  readonly isSent: boolean
  readonly form: Form
  readonly #errors: Map<string, string>

  /** `isSent` without a refusal: the form is shown again as it was typed, for a further step. */
  constructor(form: Form = emptyForm, refusal?: Refusal, t?: Translate, isSent = refusal !== undefined) {
    this.form = form
    this.isSent = isSent
    this.status = refusal === undefined ? 200 : statusOfRefusal[refusal.kind]
    const all = refusal instanceof FormRefusal ? refusal.fields : refusal === undefined ? [] : [refusal]
    const text = (each: Refusal) => t?.(each.key, textValuesOf(each)) ?? each.key
    this.#errors = new Map(all.filter(({ field }) => field !== undefined).map((each) => [each.field!, text(each)]))
    const general = refusal instanceof FormRefusal ? refusal : all.find(({ field }) => field === undefined)
    this.error = general && text(general)
  }

  errorOf(name: string): string | undefined {
    return this.#errors.get(name)
  }

  input(name: string, stored = ''): InputView {
    return { value: this.isSent ? this.form.text(name) : stored, error: this.#errors.get(name), ...this.#focus(name) }
  }

  /** A password is never written back into a page. */
  secret(name: string): InputView {
    return { value: '', error: this.#errors.get(name), ...this.#focus(name) }
  }

  check(name: string, stored = false): CheckView {
    return { isChecked: this.isSent ? this.form.has(name) : stored, error: this.#errors.get(name), ...this.#focus(name) }
  }

  choice(name: string, options: readonly Option[], stored: string): ChoiceView {
    const chosen = this.isSent ? this.form.text(name) : stored
    const selected = options.some(({ value }) => value === chosen) ? chosen : stored
    return {
      options: options.map(({ value, label, hint }) => ({ value, label, hint, isSelected: value === selected })),
      error: this.#errors.get(name),
      ...this.#focus(name)
    }
  }

  /** Where several fields are wrong a sentence says so above them, and has the focus. */
  #focus(name: string): { autofocus?: true } {
    return this.error === undefined && this.#errors.has(name) ? { autofocus: true } : {}
  }
}

type Show = (request: FastifyRequest, reply: FastifyReply, typed: Typed) => Promise<unknown>

/** The GET of a form's page. */
export function blank(show: Show): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return (request, reply) => show(request, reply, new Typed())
}

/** The POST of a form: does it, or shows the page again with what was typed and what was wrong (422, 409, 413, 429 …). */
export function submitted(
  show: Show,
  act: (request: FastifyRequest, reply: FastifyReply, form: Form) => Promise<unknown>
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    try {
      // It was given back and is sent again: without what was chosen beside the texts nothing is done yet.
      if (request.form.has(filesLostField)) throw new Refusal('invalid', 'form.filesLost')
      return await act(request, reply, request.form)
    } catch (error) {
      if (!(error instanceof Refusal) || !shownWithForm.has(error.kind)) throw error
      const { retryAfterMs } = error.values
      if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(Number(retryAfterMs) / 1_000))
      return show(request, reply, new Typed(request.form, error, request.t))
    }
  }
}
