import { accounts } from '#db/schema/accounts.ts'
import { index, int, table, time } from '#db/table.ts'

/** The last move of an account, ours or of elsewhere: no other counts before its cooldown is over, taken back or not. */
export const moves = table(
  'moves',
  {
    /** The account that was left. */
    accountId: int()
      .primaryKey()
      .references(() => accounts.id),
    targetId: int().notNull(),
    movedAt: time().notNull()
  },
  (t) => [index('moves_target').on(t.targetId)]
)
