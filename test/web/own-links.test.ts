import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWorld } from '#test/federation/attack-world.ts'
import { articleOf } from '#test/helpers/html.ts'

test('hashtags and people in a post from elsewhere lead to their pages here, and other links where they say', async (t) => {
  const world = await startWorld(t)
  const { instance, alice, a, b } = world
  await world.knowing(a, b)
  const content =
    `<p><a href="${a.uri}" class="u-url mention">@<span>ana</span></a> <a href="https://b.test/tags/tide" class="mention hashtag" rel="tag">#<span>Tide</span></a>` +
    ` <a href="https://b.test/tags/sand" rel="tag">#sand</a> <a href="https://b.test/tags/other" rel="tag">#other</a>` +
    ` <a href="https://e.test/@eve" class="u-url mention">@<span>eve</span></a> <a href="${a.uri}">her page</a></p>`
  const note = b.note(content, {
    tag: [
      { type: 'Mention', href: a.uri, name: `@${a.handle}` },
      { type: 'Hashtag', href: 'https://b.test/tags/tide', name: '#tide' },
      { type: 'Hashtag', href: 'https://b.test/tags/sand', name: '#sand' }
    ]
  })
  await b.send(b.activity('Create', note))
  await instance.runJobs()
  const post = await world.postAt(note.id)
  const shown = articleOf(await alice.page(`/@${b.handle}`), post!.id)
  const targets = [...shown.matchAll(/<a [^>]*href="([^"]+)"[^>]*>(?:[@#]|her)/g)].map(([, href]) => href)
  assert.deepEqual(targets, [`/@${a.handle}`, '/tags/Tide', '/tags/sand', 'https://b.test/tags/other', 'https://e.test/@eve', a.uri])
  assert.match(post!.html, /href="https:\/\/b\.test\/tags\/tide"/, 'what came is kept as it came')
})
