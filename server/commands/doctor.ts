import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { type Examined, examine } from '#server/doctor/examine.ts'

/** Looks at everything an operator should know about; each line says ok, warn or fail, and what to do. */
export async function run({ ctx, t, say }: Ground & { ctx: Context }): Promise<Answer> {
  const value: { check: string; level: Examined['level']; text: string; remedy: string | null }[] = []
  for await (const { check, level, key, values, remedy } of examine(ctx, { isQuick: false })) {
    const found = { check, level, text: t(key, values), remedy: remedy === undefined ? null : t(remedy, values) }
    value.push(found)
    say(`${level.padEnd(4)}  ${t(`doctor.${check}`)}: ${found.text}${found.remedy === null ? '' : ` ${found.remedy}`}`)
  }
  return { value, lines: [], isOk: value.every(({ level }) => level !== 'fail') }
}
