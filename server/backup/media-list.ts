import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import * as v from 'valibot'
import { Refusal } from '#server/errors.ts'

const picture = v.object({
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  sizeBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0))
})

/** A picture that a backup holds. */
export type ListedPicture = v.InferOutput<typeof picture>

export function writeMediaList(pictures: readonly ListedPicture[]): string {
  return pictures.map(({ hash, sizeBytes }) => `${JSON.stringify({ hash, sizeBytes })}\n`).join('')
}

/** The pictures that a list names. Refuses `invalid` a line that is none. */
export async function* readMediaList(file: string): AsyncGenerator<ListedPicture> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), picture), line)
    if (!parsed.success) throw new Refusal('invalid', 'backup.listUnreadable', { file })
    yield parsed.output
  }
}
