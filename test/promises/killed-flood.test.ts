import { test } from 'node:test'
import { killWhileDelivering, killWhileReceiving } from '#test/promises/kill-flood.ts'

// One round: p1-p2-killed.test.ts has more, in which people post at the same time, and the long form a hundred.
test('P1, P2: killed in the midst of a flood into its inbox, a server has everything that it took once', { timeout: 120_000 }, (t) =>
  killWhileReceiving(t, { rounds: 1 })
)

test('P3: killed in the midst of sending to many inboxes, a server tells each of them everything, in order', { timeout: 120_000 }, (t) =>
  killWhileDelivering(t, { rounds: 1 })
)
