import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWatch } from '#test/attacks/watch.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { everybody } from '#test/helpers/remote.ts'

const tagLetters = '\u{e0041}'.repeat(1_000)
/** A word whose end fits everywhere in a text of the same words, so that a search compares nearly all of it at each place. */
const unit = 'http://'

/** Documents of a few hundred kB whose parts cost more together than each alone. */
const told: [string, Record<string, unknown>][] = [
  [
    'sixteen long links, each looked for in a text of their own words',
    {
      content: unit.repeat(60_000),
      attachment: Array.from({ length: 16 }, (_, at) => ({ type: 'Link', href: `https://e.test/${at}${unit.repeat(280)}` }))
    }
  ],
  [
    'two hundred hashtags of letters that only name the region of a flag',
    { tag: Array.from({ length: 200 }, () => ({ type: 'Hashtag', name: `#${tagLetters}` })) }
  ],
  ['a poll of the same', { type: 'Question', oneOf: Array.from({ length: 200 }, () => ({ type: 'Note', name: tagLetters })) }],
  ['fields of the same', { attachment: Array.from({ length: 200 }, () => ({ type: 'PropertyValue', name: tagLetters, value: 'x' })) }]
]

for (const [what, fields] of told) {
  test(`JLD-12: ${what} cost no more than other documents of their size`, async (t) => {
    const world = await startWorld(t)
    const { a } = world
    await world.knowing(a)
    await a.send(a.activity('Create', a.note('warm')))
    const activity = a.activity('Create', { ...a.note('dear'), to: [everybody], ...fields })
    const watch = startWatch()
    assert.equal((await a.send(activity)).status, 202)
    await watch.hold({ turnMsMax: 120 })
  })
}
