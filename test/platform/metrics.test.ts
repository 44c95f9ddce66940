import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from '#server/platform/metrics.ts'

test('two instances in one process count apart', async () => {
  const [one, two] = [createMetrics(), createMetrics()]
  one.counter('posts_total', 'Posts written here.').inc(3)
  two.counter('posts_total', 'Posts written here.').inc()
  assert.match((await one.render()).text, /^skerry_posts_total 3$/m)
  assert.match((await two.render()).text, /^skerry_posts_total 1$/m)
})

test('asking for a name again gives the same counter', async () => {
  const metrics = createMetrics()
  metrics.counter('jobs_total', 'Jobs.', ['outcome']).inc({ outcome: 'done' })
  metrics.counter('jobs_total', 'Jobs.', ['outcome']).inc({ outcome: 'done' })
  const { contentType, text } = await metrics.render()
  assert.match(contentType, /^text\/plain; version=/)
  assert.match(text, /^skerry_jobs_total\{outcome="done"\} 2$/m)
})

test('a gauge is read when it is asked for, and a timer sorts seconds into buckets', async () => {
  const metrics = createMetrics()
  let waiting = 5
  metrics.gauge('jobs_waiting', 'Jobs that wait.', ['lane'], (gauge) => gauge.set({ lane: 'mail' }, waiting))
  metrics.timer('request_seconds', 'Requests.', ['route']).observe({ route: '/home' }, 0.02)
  waiting = 6
  const { text } = await metrics.render()
  assert.match(text, /^skerry_jobs_waiting\{lane="mail"\} 6$/m)
  assert.match(text, /^skerry_request_seconds_bucket\{le="0.03",route="\/home"\} 1$/m)
})

test('the process is watched only where that is asked for', async () => {
  const metrics = createMetrics()
  assert.doesNotMatch((await metrics.render()).text, /process_cpu/)
  metrics.watchProcess()
  metrics.watchProcess()
  assert.match((await metrics.render()).text, /^process_cpu_seconds_total /m)
})
