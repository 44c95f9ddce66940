import { index, int, primaryKey, table, text, time } from '#db/table.ts'

/** Acts of people elsewhere (Follow, Like, Announce, Block, Add) that they took back, so that neither may overtake the other. Kept for hours. */
export const takenBack = table(
  'taken_back',
  {
    actorId: int().notNull(),
    /** Id of the act; where it was named without one, what kind of act it is and on what. */
    key: text().notNull(),
    /** `awaited`: it was not here when it was taken back, and will do nothing when it comes. `past`: it was here, and is no more. */
    state: text<'awaited' | 'past'>().notNull(),
    keptUntil: time().notNull()
  },
  (t) => [
    primaryKey({ columns: [t.actorId, t.key] }),
    index('taken_back_actor').on(t.actorId, t.keptUntil),
    index('taken_back_end').on(t.keptUntil)
  ]
)
