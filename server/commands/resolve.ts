import { ensureInstanceActor } from '#server/accounts/instance-actor.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import type { ResolveStep } from '#server/peers/fediverse.ts'

/** Asks who or what an address is, and shows every step on the way. */
export async function run({ ctx, args, t, say }: Ground & { ctx: Context }): Promise<Answer> {
  // Others answer signed questions only, and the instance actor signs them.
  await ensureInstanceActor(ctx)
  const steps: ResolveStep[] = []
  const found = await ctx.fediverse.resolve(args[0]!, {
    isTypedByOperator: true,
    onStep(step) {
      steps.push(step)
      const text = t(step.key, step.values)
      say(step.isOk ? t('command.stepOk', { text }) : t('command.stepFailed', { text, error: step.error ?? t('command.noAnswer') }))
    }
  })
  const lines = [
    found.kind === 'account'
      ? t('command.resolvedAccount', { id: String(found.accountId) })
      : found.kind === 'post'
        ? t('command.resolvedPost', { id: String(found.postId) })
        : t('command.resolvedNothing', { address: args[0]! })
  ]
  return { value: { ...found, steps }, lines, isOk: found.kind !== 'nothing' }
}
