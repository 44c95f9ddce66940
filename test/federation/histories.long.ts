import { test } from 'node:test'
import { converge } from '#test/federation/histories/converge.ts'

const runs = Number(process.env.HISTORY_RUNS ?? 10_000)

test(`${runs} histories come to the same in whatever order they arrive`, (t) => converge(t, { runs }))
