import { and, eq, sql } from 'drizzle-orm'
import { prepare, type Reader } from '#db/reader.ts'
import { timelineChoices } from '#db/schema/timelines.ts'
import { requirePerson, type Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'

/** What is left out of a timeline: boosts; replies, later parts of threads included. */
export interface Shown {
  hidesBoosts: boolean
  hidesReplies: boolean
}

/** A timeline as choices are kept for it; all hashtags share one. */
export type TimelineKey = 'home' | 'local' | 'federated' | 'tags' | `list:${number}`

export const everything: Shown = { hidesBoosts: false, hidesReplies: false }

const choiceOf = prepare((db: Reader) =>
  db
    .select({ hidesBoosts: timelineChoices.hidesBoosts, hidesReplies: timelineChoices.hidesReplies })
    .from(timelineChoices)
    .where(and(eq(timelineChoices.accountId, sql.placeholder('me')), eq(timelineChoices.timeline, sql.placeholder('timeline'))))
)

/** What somebody left out of a timeline; nobody (undefined) leaves out anything. */
export async function findChoices(db: Reader, viewerId: number | undefined, timeline: TimelineKey): Promise<Shown> {
  if (viewerId === undefined) return everything
  const [row] = await choiceOf(db, { me: viewerId, timeline })
  return row ?? everything
}

/** Keeps what somebody leaves out of a timeline from now on. Refusal('forbidden') for whoever has no account. */
export async function chooseShown(ctx: Context, who: Who, { timeline, ...shown }: Shown & { timeline: TimelineKey }): Promise<void> {
  requirePerson(who)
  const accountId = who.account.id
  await ctx.transact(async (tx) => {
    await tx
      .insert(timelineChoices)
      .values({ accountId, timeline, ...shown })
      .onConflictDoUpdate({ target: [timelineChoices.accountId, timelineChoices.timeline], set: shown })
  })
}
