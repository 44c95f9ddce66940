import { test } from 'node:test'
import { startOverQueue } from '#test/promises/queue-start.ts'

const size = Number(process.env.QUEUE_SIZE ?? 100_000)

test(`P6: a server starts over ${size} waiting jobs and ${size} deliveries, and ends in time in the middle of them`, (t) =>
  startOverQueue(t, { size, hasSlowClients: true }))
