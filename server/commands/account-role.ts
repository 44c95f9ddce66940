import type { Role } from '#db/schema/sign-in.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { getAccountByHandle } from '#server/commands/get-account.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { changeRole } from '#server/moderation/change-role.ts'

/** Gives one of ours another role. */
export async function run({ ctx, args, t }: Ground & { ctx: Context }): Promise<Answer> {
  const account = await getAccountByHandle(ctx, args[0]!)
  const role = args[1] as Role
  await changeRole(ctx, { kind: 'operator' }, { accountId: account.id, role })
  const value = { id: account.id, handle: handleOf(account), role }
  return { value, lines: [t('command.accountHasRole', value)] }
}
