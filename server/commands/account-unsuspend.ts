import { handleOf } from '#server/accounts/handle-of.ts'
import { getAccountByHandle } from '#server/commands/get-account.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { unsuspendAccount } from '#server/moderation/unsuspend-account.ts'

/** Lifts a suspension set here. */
export async function run({ ctx, args, options, t }: Ground & { ctx: Context }): Promise<Answer> {
  const account = await getAccountByHandle(ctx, args[0]!)
  await unsuspendAccount(ctx, { kind: 'operator' }, { accountId: account.id, reason: String(options.reason ?? '') })
  const value = { id: account.id, handle: handleOf(account), isSuspended: false }
  return { value, lines: [t('command.accountUnsuspended', { handle: value.handle })] }
}
