import { posts as table } from '#db/schema/posts.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { startSearchPass } from '#server/search/index-earlier.ts'

/** Begins to index all posts anew; the server does it beside its other work. */
export async function run({ ctx, t }: Ground & { ctx: Context }): Promise<Answer> {
  const posts = await ctx.db.$count(table)
  await ctx.transact((tx) => startSearchPass(tx))
  return { value: { posts }, lines: [t('command.searchRebuilding', { posts })] }
}
