import { test } from 'node:test'
import { killInRounds } from '#test/promises/kill-rounds.ts'

test('P1, P2: killed while people post and a peer speaks, a server keeps what it answered and repeats nothing', { timeout: 120_000 }, (t) =>
  killInRounds(t, { rounds: 2 })
)
