import { test } from 'node:test'
import { startOverQueue } from '#test/promises/queue-start.ts'

test(
  'P6: a server starts over thousands of waiting jobs and deliveries, and ends in time in the middle of them',
  { timeout: 120_000 },
  (t) => startOverQueue(t, { size: 5_000, hasSlowClients: false })
)
