// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toCompact } from '#server/federation/json-ld.ts'
import { nestingMax, nodesMax } from '#server/federation/gate/scan-json.ts'
import { normalize, parseDocument } from '#server/federation/normal-form.ts'
import { inspectTerms } from '#server/federation/normal-form/inspect-terms.ts'
import { readActivity } from '#server/federation/normal-form/read-activity.ts'
import { readActor } from '#server/federation/normal-form/read-actor.ts'
import { readObject } from '#server/federation/normal-form/read-object.ts'
import { NormalFormFault } from '#server/federation/normal-form/types.ts'
import { isRecord, type Json } from '#server/federation/normal-form/values.ts'
import { mutate, mutations, soundActivities } from '#test/federation/mutations.ts'

/** The same draws each time, so that a change is judged by itself; SEED asks for others. */
const seed = Number(process.env.SEED ?? 20_261_123)

/** CPU that the worst document may take, ms: many times what it takes on a machine that does nothing else. */
const cpuMsMax = 400
const actor = 'https://a.test/users/ana'
const sound = soundActivities(actor, { post: 'https://skerry.test/@alice/1', person: 'https://skerry.test/@alice' })

/** Everything a document could be read as, whatever it says it is; nothing but a fault of ours comes out of it. */
async function readInEveryWay(bytes: Buffer): Promise<void> {
  await expectFaults(async () => {
    const json = await normalize(parseDocument(bytes))
    for (const part of [json, ...Object.values(json).filter(isRecord)]) {
      for (const read of [readActivity, readObject, readActor]) await expectFaults(async () => void read(part))
    }
  })
}

async function expectFaults(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof NormalFormFault)) throw error
  }
}

async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

test('whatever becomes of a document on its way, it is read or refused, and soon', async () => {
  let longestMs = 0
  await readInEveryWay(Buffer.from(JSON.stringify({ '@context': { x: 'https://www.w3.org/ns/activitystreams#type' }, ...sound[0] })))
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...sound), mutations, async (document, changes) => {
      const bytes = Buffer.from(JSON.stringify(mutate(document, changes)))
      longestMs = Math.max(longestMs, await cpuOf(() => readInEveryWay(bytes)))
    }),
    { numRuns: 500, seed }
  )
  assert.ok(longestMs < cpuMsMax, `${longestMs} ms`)
})

test('bytes of any kind are read or refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.uint8Array({ maxLength: 200 }).map(Buffer.from), fc.json({ maxDepth: 5 }).map(Buffer.from)),
      readInEveryWay
    ),
    { numRuns: 500, seed }
  )
})

test('documents as deep and as wide as there may be take bounded time, written in the usual words or not', async () => {
  const nested = (depth: number, inner: unknown) =>
    Array.from({ length: depth }).reduce<unknown>((within) => ({ type: 'Note', tag: within }), inner)
  const wide = (word: string) => ({ ...sound[0], [word]: Array.from({ length: nodesMax / 3 }, (_, at) => ({ [`k${at}`]: 'x' })) })
  const long = { ...sound[0], content: '<p>&amp;'.repeat(110_000) }
  const prefixed = { '@context': ['https://www.w3.org/ns/activitystreams', { y: 'https://www.w3.org/ns/activitystreams#tag' }] }
  for (const document of [nested(nestingMax - 2, 'x'), wide('tag'), wide('unknown'), long]) {
    for (const context of [{}, prefixed]) {
      const bytes = Buffer.from(JSON.stringify({ ...sound[0], ...(document as Json), ...context }))
      const cpuMs = await cpuOf(() => readInEveryWay(bytes))
      assert.ok(cpuMs < 2 * cpuMsMax, `${cpuMs} ms`)
    }
  }
})

/** Changes that mean nothing: one or a list of one, an id or an object that has only that, words nobody knows, another order of the words. */
const idTerms = new Set(['attributedTo', 'inReplyTo', 'actor'])
const listTerms = new Set([
  'to',
  'cc',
  'tag',
  'attachment',
  'attributedTo',
  'inReplyTo',
  'type',
  'object',
  'actor',
  'published',
  'url',
  'updated'
])

function rewrite(value: unknown, chance: () => boolean, key = ''): unknown {
  if (Array.isArray(value)) return value.length === 1 && chance() ? rewrite(value[0], chance) : value.map((each) => rewrite(each, chance))
  if (isRecord(value)) {
    const entries = Object.entries(value).map(([word, inner]): [string, unknown] => {
      const next = rewrite(inner, chance, word)
      return [word, listTerms.has(word) && !Array.isArray(next) && chance() ? [next] : next]
    })
    if (chance()) entries.reverse()
    if (chance() && key !== 'contentMap') entries.push(['https://unknown.test/ns#word', 'x'])
    return Object.fromEntries(entries)
  }
  return idTerms.has(key) && typeof value === 'string' && chance() ? { id: value } : value
}

function readAll(json: Json): unknown {
  const { objects, ...said } = readActivity(json)
  return {
    ...said,
    objects: objects.map((ref) => ({ id: ref.id, read: ref.embedded?.type === undefined ? undefined : readObject(ref.embedded) }))
  }
}

test('however a sound document is written, it reads the same, directly and through JSON-LD', async () => {
  const documents = sound.filter(({ type }) => ['Create', 'Update', 'Like', 'Announce', 'Follow', 'Delete'].includes(type as string))
  const posts = documents.filter(({ object }) => !isRecord(object) || (object.type !== 'Person' && object.actor === undefined))
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...posts), fc.infiniteStream(fc.boolean()), async (document, chances) => {
      const plain = { ...document, '@context': undefined }
      const other = rewrite(structuredClone(plain), () => chances.next().value as boolean) as Json
      const written = JSON.parse(JSON.stringify({ ...other, '@context': 'https://www.w3.org/ns/activitystreams' })) as Json
      assert.deepEqual(tidy(readAll(written)), tidy(readAll(JSON.parse(JSON.stringify(plain)) as Json)))
      if (inspectTerms(written) === 'direct') assert.deepEqual(tidy(readAll(await toCompact(written))), tidy(readAll(written)))
    }),
    { numRuns: 150, seed }
  )
})

/** The order of what is a set. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, tidy(inner)])) : value
}
