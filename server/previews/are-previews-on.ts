import type { Context } from '#server/context.ts'

/** Whether this instance asks other sites for previews of links, and shows what it was told; so until an admin says otherwise. */
export async function arePreviewsOn(ctx: Pick<Context, 'settings'>): Promise<boolean> {
  return (await ctx.settings.get()).linkPreviews
}
