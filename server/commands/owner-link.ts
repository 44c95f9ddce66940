import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { createOwnerLink } from '#server/sign-in/owner-link.ts'

/** Prints the link that creates the owner's account, once. */
export async function run({ ctx }: Ground & { ctx: Context }): Promise<Answer> {
  const url = await createOwnerLink(ctx)
  return { value: { url }, lines: [url] }
}
