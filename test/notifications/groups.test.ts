// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NotificationKind } from '#db/schema/notifications.ts'
import { groupRows } from '#server/notifications/group.ts'

const dayMs = 24 * 60 * 60_000
const row = (id: number, kind: NotificationKind, postId = 0, createdAt = 0) => ({ id, kind, postId, createdAt })
const idsOf = (groups: { id: number }[][]) => groups.map((group) => group.map(({ id }) => id))

test('what is done with one post is one group, those who follow on one day another, and all else stands alone', () => {
  const rows = [
    row(9, 'boost', 1),
    row(8, 'mention', 2),
    row(7, 'favourite', 1),
    row(6, 'follow', 0, dayMs + 5),
    row(5, 'favourite', 3),
    row(4, 'follow', 0, dayMs + 1),
    row(3, 'follow', 0, dayMs - 1),
    row(2, 'mention', 2),
    row(1, 'reaction', 1)
  ]
  const { groups, taken } = groupRows(rows, 40)
  assert.deepEqual(idsOf(groups), [[9, 7, 1], [8], [6, 4], [5], [3], [2]])
  assert.equal(taken, rows.length)
})

test('a page ends before the row that would begin one group too many, and the next page begins there', () => {
  const rows = [row(5, 'boost', 1), row(4, 'mention', 2), row(3, 'boost', 1), row(2, 'mention', 3), row(1, 'boost', 1)]
  const { groups, taken } = groupRows(rows, 2)
  assert.deepEqual(idsOf(groups), [[5, 3], [4]])
  assert.equal(taken, 3)
})
