import { handleOf } from '#server/accounts/handle-of.ts'
import { getAccountByHandle } from '#server/commands/get-account.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { resetFactors } from '#server/moderation/reset-factors.ts'

/** Forgets codes, recovery codes and passkeys of one of ours who lost them all. */
export async function run({ ctx, args, options, t }: Ground & { ctx: Context }): Promise<Answer> {
  const account = await getAccountByHandle(ctx, args[0]!)
  const { reason = '' } = options as { reason?: string }
  await resetFactors(ctx, { kind: 'operator' }, { accountId: account.id, reason })
  const value = { id: account.id, handle: handleOf(account) }
  return { value, lines: [t('command.factorsReset', value)] }
}
