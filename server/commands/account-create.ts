import type { Role } from '#db/schema/sign-in.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { createAccount } from '#server/sign-in/create-account.ts'

/** Makes an account, confirmed and approved. */
export async function run({ ctx, args, options, t }: Ground & { ctx: Context }): Promise<Answer> {
  const role = (options.role ?? 'person') as Role
  const typed = { name: args[0]!, email: String(options.email), password: String(options.password), role }
  const account = await createAccount(ctx, { kind: 'operator' }, typed)
  const value = { id: account.id, name: account.name, handle: `@${account.name}@${ctx.config.handleDomain}`, uri: account.uri, role }
  return { value, lines: [t('command.accountCreated', value)] }
}
