import * as v from 'valibot'
import { Refusal, refuseFields, type RefusalValues } from '#server/errors.ts'
import { cleanText } from '#server/platform/clean-text.ts'

/** An uploaded file, whole in memory; how large it may be stands in the configuration. */
export interface UploadedFile {
  filename: string
  /** As the browser says: never believed. */
  mime: string
  bytes: Buffer
}

/** A text that must be there. */
export const requiredText = v.pipe(v.string(), v.minLength(1, 'form.required'))

type FieldSchemas = Record<string, v.GenericSchema<unknown, unknown>>

/** What was typed into a form and sent: texts by field name, cleaned (no NUL, no lone surrogate, line feeds only), and files. */
export class Form {
  readonly #texts = new Map<string, string[]>()
  readonly #files = new Map<string, UploadedFile[]>()
  readonly #refusedFiles = new Map<string, Refusal>()
  #hasLost = false

  add(name: string, text: string): void {
    const clean = cleanText(text)
    const texts = this.#texts.get(name)
    if (texts) texts.push(clean)
    else this.#texts.set(name, [clean])
  }

  addFile(name: string, file: UploadedFile): void {
    this.#files.set(name, [...(this.#files.get(name) ?? []), file])
  }

  /** A file of this field was not taken; whoever asks for the field's files hears why, so that what was typed is shown again. */
  refuseFile(name: string, refusal: Refusal): void {
    this.#refusedFiles.set(name, refusal)
  }

  /** A file came along and was let go: who sent it is not known. */
  loseFile(): void {
    this.#hasLost = true
  }

  /** Whether somebody chose files, of which nothing is kept when the form is given back. */
  get hadFiles(): boolean {
    return this.#hasLost || this.#files.size > 0 || this.#refusedFiles.size > 0
  }

  has(name: string): boolean {
    return this.#texts.has(name)
  }

  /** The last text of that name; empty when there is none. */
  text(name: string): string {
    return this.#texts.get(name)?.at(-1) ?? ''
  }

  /** All texts of that name, in order. */
  all(name: string): string[] {
    return this.#texts.get(name) ?? []
  }

  /** The files of a field, empty file inputs left out. Throws the refusal of a file that was too large. */
  files(name: string): UploadedFile[] {
    const refusal = this.#refusedFiles.get(name)
    if (refusal) throw refusal
    return this.#files.get(name) ?? []
  }

  /** Every text with its name, to carry a form along. */
  entries(): { name: string; value: string }[] {
    return [...this.#texts].flatMap(([name, values]) => values.map((value) => ({ name, value })))
  }

  /**
   * The typed values of a form. A schema's messages are keys of the catalogue; a number it asks for fills `{limit}`. A field that
   * is not there is the empty text (`v.boolean()`: false, `v.array(…)`: none). Throws the refusal of a wrong field, or a FormRefusal with those of several.
   */
  parse<S extends FieldSchemas>(fields: S): { [K in keyof S]: v.InferOutput<S[K]> } {
    const refusals: Refusal[] = []
    const values: Record<string, unknown> = {}
    for (const [name, schema] of Object.entries(fields)) {
      const given = schema.type === 'boolean' ? this.has(name) : schema.type === 'array' ? this.all(name) : this.text(name)
      const result = v.safeParse(schema, given, { abortPipeEarly: true })
      if (result.success) values[name] = result.output
      else refusals.push(toRefusal(name, result.issues[0]))
    }
    refuseFields(refusals)
    return values as { [K in keyof S]: v.InferOutput<S[K]> }
  }
}

export const emptyForm = new Form()

function toRefusal(field: string, issue: v.BaseIssue<unknown>): Refusal {
  const isKey = /^[a-z][a-zA-Z]*\.[a-zA-Z0-9.-]+$/.test(issue.message)
  const values: RefusalValues = typeof issue.requirement === 'number' ? { limit: issue.requirement } : {}
  return new Refusal('invalid', isKey ? issue.message : 'form.invalid', values, field)
}
