import { moment } from '#server/commands/columns.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { createResetLink } from '#server/sign-in/create-reset-link.ts'

/** Prints a link that sets a new password, for somebody who cannot get mail. */
export async function run({ ctx, args, t }: Ground & { ctx: Context }): Promise<Answer> {
  const value = await createResetLink(ctx, { kind: 'operator' }, { name: args[0]! })
  return { value, lines: [value.url, t('command.linkEnds', { at: moment(value.expiresAt) })] }
}
