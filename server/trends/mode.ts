import type { Context } from '#server/context.ts'

export const trendsModes = ['reviewed', 'open', 'off'] as const
export type TrendsMode = (typeof trendsModes)[number]

/** Whether trends are shown once a moderator has looked at them, at once, or not at all. */
export async function trendsMode({ settings }: Pick<Context, 'settings'>): Promise<TrendsMode> {
  return (await settings.get()).trends ?? 'reviewed'
}
