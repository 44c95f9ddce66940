import { test } from 'node:test'
import { killInRounds } from '#test/promises/kill-rounds.ts'

const rounds = Number(process.env.KILL_ROUNDS ?? 100)

test(`P1, P2: killed ${rounds} times while people post and a peer speaks, a server keeps what it answered and repeats nothing`, (t) =>
  killInRounds(t, { rounds }))
