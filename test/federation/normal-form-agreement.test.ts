import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { toCompact } from '#server/federation/json-ld.ts'
import { inspectTerms } from '#server/federation/normal-form/inspect-terms.ts'
import { readActivity } from '#server/federation/normal-form/read-activity.ts'
import { isActorType, readActor } from '#server/federation/normal-form/read-actor.ts'
import { readObject } from '#server/federation/normal-form/read-object.ts'
import { NormalFormFault } from '#server/federation/normal-form/types.ts'
import type { Json } from '#server/federation/normal-form/values.ts'
import { activityTypes, readCorpus } from '#test/corpus/documents.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { everybody } from '#test/helpers/remote.ts'

const directory = resolve(process.env.CORPUS_DIR ?? '../shared/corpus')
const accept = 'application/activity+json'

/** What the rest of the code is told of a document, or why it is refused. */
function read(json: Json): unknown {
  try {
    const type = String([json.type].flat()[0])
    if (isActorType(type)) return readActor(json)
    if (!activityTypes.has(type)) return readObject(json)
    const { objects, target, instrument, ...said } = readActivity(json)
    const inner = [...objects, target, instrument].map((ref) => ref && { id: ref.id, embedded: ref.embedded && read(ref.embedded) })
    return { ...said, inner }
  } catch (error) {
    if (error instanceof NormalFormFault) return { fault: error.message }
    throw error
  }
}

function isDirect(json: Json): boolean {
  try {
    return json.type !== undefined && inspectTerms(json) === 'direct'
  } catch (error) {
    if (error instanceof NormalFormFault) return false
    throw error
  }
}

/** Holds the quick reading of a document against JSON-LD's; false when JSON-LD cannot read it at all, which is stricter than needed. */
async function agrees(name: string, json: Json): Promise<boolean> {
  const compact = await toCompact(json).catch((error: unknown) => {
    if (error instanceof NormalFormFault) return undefined
    throw error
  })
  if (compact === undefined) return false
  assert.deepEqual(read(compact), read(json), name)
  return true
}

test('what our own people do reads the same directly and through JSON-LD', async (t) => {
  const instance = await startInstance(t)
  const alice = await instance.as('alice')
  await alice.submit('/posts', { text: 'The #tide, with @bob and https://a.test/x?y=1&z=2.', warning: 'water', visibility: 'public' })
  for (const path of ['/@alice', '/@alice/outbox', '/@instance']) {
    const answer = await instance.app.inject({ url: path, headers: { accept, host: instance.config.host } })
    assert.equal(answer.statusCode, 200, path)
    const json = answer.json() as Json
    if (isDirect(json)) assert.ok(await agrees(path, json), path)
  }
})

test('documents in the usual words read the same directly and through JSON-LD', async () => {
  const security = 'https://w3id.org/security/v1'
  const as = 'https://www.w3.org/ns/activitystreams'
  const actor = 'https://a.test/users/ana'
  const note = {
    id: 'https://a.test/notes/1',
    type: 'Note',
    attributedTo: actor,
    content: '<p>Hallo</p>',
    contentMap: { de: '<p>Hallo</p>' },
    summary: 'cw',
    sensitive: true,
    inReplyTo: 'https://b.test/2',
    published: '2026-11-20T10:00:00Z',
    to: [everybody],
    cc: [`${actor}/followers`],
    tag: [
      { type: 'Mention', href: 'https://b.test/bob', name: '@bob@b.test' },
      { type: 'Hashtag', href: 'https://a.test/tags/x', name: '#x' },
      { type: 'Emoji', name: ':cat:', icon: { type: 'Image', url: 'https://a.test/cat.png' } }
    ],
    attachment: [
      {
        type: 'Document',
        mediaType: 'image/png',
        url: 'https://a.test/1.png',
        name: 'A cat',
        focalPoint: [0.5, -0.5],
        width: 10,
        height: 20
      }
    ]
  }
  const question = {
    ...note,
    type: 'Question',
    oneOf: [{ type: 'Note', name: 'yes', replies: { type: 'Collection', totalItems: 3 } }],
    votersCount: 3,
    endTime: '2026-12-01T00:00:00Z'
  }
  const person = {
    type: 'Person',
    id: actor,
    preferredUsername: 'ana',
    name: 'Ana',
    summary: '<p>x</p>',
    inbox: `${actor}/inbox`,
    endpoints: { sharedInbox: 'https://a.test/inbox' },
    manuallyApprovesFollowers: true,
    discoverable: true,
    featured: `${actor}/featured`,
    movedTo: 'https://b.test/ana',
    alsoKnownAs: ['https://b.test/ana'],
    attachment: [{ type: 'PropertyValue', name: 'site', value: '<a href="https://a.test">a.test</a>' }]
  }
  const activities = ['Create', 'Update', 'Announce', 'Like', 'Undo', 'Delete', 'Follow', 'Accept', 'Move', 'Flag', 'EmojiReact'].flatMap(
    (type) =>
      [note, question, note.id].map((object) => ({
        id: `https://a.test/${type}`,
        type,
        actor,
        object,
        to: [everybody],
        content: '😀',
        target: person.movedTo
      }))
  )
  for (const context of [
    as,
    [as, security],
    [as, security, { toot: 'http://joinmastodon.org/ns#', Emoji: 'toot:Emoji', '@language': 'en' }]
  ]) {
    for (const document of [note, question, person, ...activities]) {
      const json = { '@context': context, ...document } as Json
      assert.equal(isDirect(json), true)
      assert.ok(await agrees(`${JSON.stringify(context)} ${String(document.type)}`, json))
    }
  }
})

test('documents of other servers read the same directly and through JSON-LD', {
  skip: !existsSync(directory) && 'no corpus here'
}, async () => {
  let count = 0
  let unreadable = 0
  for (const { file, json } of readCorpus(directory)) {
    if (!isDirect(json)) continue
    count += 1
    if (!(await agrees(file, json))) unreadable += 1
  }
  assert.ok(unreadable <= count / 50, `JSON-LD cannot read ${unreadable} of ${count}`)
})
