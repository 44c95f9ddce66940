import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { retryFailed } from '#server/moderation/retry-failed.ts'
import { readId } from '#server/platform/ids.ts'

/** As much of what was typed as the refusal repeats. */
const idCharactersShown = 40

/** Puts one dead letter, or all, back into the queue. */
export async function run({ ctx, args, t }: Ground & { ctx: Context }): Promise<Answer> {
  const [typed = ''] = args
  const which = typed === 'all' ? 'all' : readId(typed)
  if (which === undefined) throw new Refusal('invalid', 'errors.noDeadLetter', { id: typed.slice(0, idCharactersShown) }, 'id')
  const value = await retryFailed(ctx, { kind: 'operator' }, which)
  return { value, lines: [t('command.retried', value)] }
}
