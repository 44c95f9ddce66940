import { handleOf } from '#server/accounts/handle-of.ts'
import { getAccountByHandle } from '#server/commands/get-account.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { suspendAccount } from '#server/moderation/suspend-account.ts'

/** Hides an account, ours or remote, until it is lifted. */
export async function run({ ctx, args, options, t }: Ground & { ctx: Context }): Promise<Answer> {
  const account = await getAccountByHandle(ctx, args[0]!)
  await suspendAccount(ctx, { kind: 'operator' }, { accountId: account.id, reason: String(options.reason ?? '') })
  const value = { id: account.id, handle: handleOf(account), isSuspended: true }
  return { value, lines: [t('command.accountSuspended', { handle: value.handle })] }
}
