import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { retryFailed } from '#server/moderation/retry-failed.ts'

/** Puts one dead letter, or all, back into the queue. */
export async function run({ ctx, args, t }: Ground & { ctx: Context }): Promise<Answer> {
  const [typed = ''] = args
  if (typed !== 'all' && !/^\d{1,16}$/.test(typed)) throw new Refusal('invalid', 'errors.noDeadLetter', { id: typed.slice(0, 40) }, 'id')
  const value = await retryFailed(ctx, { kind: 'operator' }, typed === 'all' ? 'all' : Number(typed))
  return { value, lines: [t('command.retried', value)] }
}
