import { test } from 'node:test'
import { killWhileDelivering, killWhileReceiving } from '#test/promises/kill-flood.ts'

const rounds = Number(process.env.KILL_ROUNDS ?? 100)

test(`P1, P2: killed ${rounds} times in the midst of a flood into its inbox, a server has everything that it took once`, (t) =>
  killWhileReceiving(t, { rounds }))

test(`P3: killed ${rounds} times in the midst of sending to many inboxes, a server tells each of them everything, in order`, (t) =>
  killWhileDelivering(t, { rounds }))
