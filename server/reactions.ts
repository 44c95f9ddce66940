import type { Reactions } from '#server/facts.ts'

/** What follows from what: the instance on one page. */
export const reactions: Reactions = {}
