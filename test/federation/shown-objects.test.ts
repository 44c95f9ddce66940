import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { media } from '#db/schema/media.ts'
import { takePictures } from '#server/federation/normal-form/take-pictures.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'

/** Has ana say something, and gives what is kept of it, its pictures by address. */
async function keep({ a, instance, postAt }: World, fields: Record<string, unknown>) {
  const note = a.note('', { content: undefined, ...fields })
  const { status, text } = await a.send(a.activity('Create', note))
  assert.equal(status, 202, text)
  const post = await postAt(note.id)
  assert.ok(post, `${note.id} is kept`)
  const pictures = await instance.ctx.db.select().from(media).where(eq(media.postId, post.id)).orderBy(media.position)
  return { ...post, pictures: pictures.map(({ remoteUrl }) => remoteUrl?.replace('https://a.test/', '')) }
}

test('a video of PeerTube shows the wider of its pictures, its Markdown, and leads to its page', async (t) => {
  const world = await startWorld(t)
  const post = await keep(world, {
    type: 'Video',
    name: 'A film',
    mediaType: 'text/markdown',
    content: 'Hello **there** ![a still](https://a.test/still.jpg)',
    icon: [
      { type: 'Image', url: 'https://a.test/small.jpg', mediaType: 'image/jpeg', width: 280, height: 157 },
      { type: 'Image', url: 'https://a.test/wide.jpg', mediaType: 'image/jpeg', width: 850, height: 480 }
    ],
    url: [
      { type: 'Link', mediaType: 'text/html', href: 'https://a.test/w/1' },
      { type: 'Link', mediaType: 'video/mp4', href: 'https://a.test/1-720.mp4', height: 720 }
    ]
  })
  assert.deepEqual([post.title, post.url, post.pictures], ['A film', 'https://a.test/w/1', ['wide.jpg', 'still.jpg']])
  assert.equal(post.html, '<p>Hello <strong>there</strong> </p>')
})

test('a track of Funkwhale without a page leads to its sound, and a photograph says in its summary what it shows', async (t) => {
  const world = await startWorld(t)
  const track = await keep(world, {
    type: 'Audio',
    name: 'Artist - Track',
    url: [{ type: 'Link', mediaType: 'audio/ogg', href: 'https://a.test/1.ogg' }]
  })
  assert.match(track.html, /<a href="https:\/\/a\.test\/1\.ogg"[^>]*>Artist - Track/)
  const photo = await keep(world, {
    type: 'Image',
    name: 'Photo',
    summary: 'a pier',
    url: [{ type: 'Link', href: 'https://a.test/full.jpg', mediaType: 'image/jpeg' }]
  })
  assert.deepEqual([photo.warning, photo.abstractHtml, photo.pictures], ['', 'a pier', ['full.jpg']])
  const hidden = await keep(world, { type: 'Image', summary: 'a spider', sensitive: true, url: 'https://a.test/spider.jpg' })
  assert.equal(hidden.warning, 'a spider')
})

test('a link that Mbin shares is shown as one, of pages on several hosts the one of its own server counts', async (t) => {
  const world = await startWorld(t)
  const shared = await keep(world, {
    type: 'Page',
    name: 'Look',
    content: null,
    url: 'https://elsewhere.test/story',
    attachment: [{ type: 'Link', href: 'https://elsewhere.test/story' }]
  })
  assert.match(shared.html, /href="https:\/\/elsewhere\.test\/story"/)
  const bridged = await keep(world, { content: '<p>hi</p>', url: ['https://bsky.test/profile/x/post/3', 'https://a.test/r/3'] })
  assert.equal(bridged.url, 'https://a.test/r/3')
})

test('an event is on the clock of its place, ends within a day without saying it twice, and says the way to a meeting on the web', async (t) => {
  const world = await startWorld(t)
  const party = await keep(world, {
    type: 'Event',
    name: 'A party',
    content: '<p>Come</p>',
    startTime: '2026-07-01T16:00:00Z',
    endTime: '2026-07-01T20:00:00Z',
    timezone: 'Europe/Paris',
    location: {
      type: 'Place',
      name: 'The Hall',
      address: { type: 'PostalAddress', streetAddress: '1 Street', postalCode: '123', addressLocality: 'Town', addressCountry: 'FR' }
    }
  })
  assert.equal(party.html, '<p>2026-07-01 18:00 – 22:00 (Europe/Paris), The Hall, 1 Street, 123 Town, FR</p><p>Come</p>')
  const nights = await keep(world, {
    type: 'Event',
    name: 'Three nights',
    startTime: '2026-12-01T23:00:00-05:00',
    endTime: '2026-12-03T23:00:00-05:00',
    timezone: 'Nowhere/Nothing',
    location: { type: 'VirtualLocation', url: 'https://meet.test/x' }
  })
  assert.match(nights.html, /^<p>2026-12-01 23:00 – 2026-12-03 23:00 \(UTC-05:00\), <a href="https:\/\/meet\.test\/x"/)
  const bare = await keep(world, { type: 'Event', name: 'Soon', startTime: '2026-12-01T10:00:00Z', location: 'Pier <3' })
  assert.equal(bare.html, '<p>2026-12-01 10:00 (UTC), Pier &lt;3</p>')
})

test('pictures within a text of a forum or a blog are shown below it, each once in whatever size, but for emoji and counters', async (t) => {
  const world = await startWorld(t)
  const { html, pictures } = await keep(world, {
    content: `<p>before <img src="https://a.test/pictrs/one.webp" alt=""> after</p><p><a href="https://a.test/full"><img alt="two" src='https://a.test/content/images/size/w600/two.png'/></a></p>
<img class="emoji" src="https://a.test/e.png" alt=":)"><img src="https://a.test/pixel.gif" width="1" height="1"><img src="data:image/png;base64,AA==">`,
    attachment: [{ type: 'Image', url: 'https://a.test/content/images/two.png' }]
  })
  assert.deepEqual(pictures, ['content/images/two.png', 'pictrs/one.webp'])
  assert.equal(html, '<p>before  after</p>\n<span>:)</span><span></span><span></span>')
})

test('what stands in place of a picture takes no longer than its length', () => {
  const begun = process.cpuUsage().user
  for (const part of [
    '<img ',
    '<img a="',
    "<img a='x' ",
    '<img src=https://a.test/x.png',
    '<p><a><div>',
    '<img src="https://a.test/x.png" '
  ])
    takePictures(`<img src="https://a.test/a.png">${part.repeat(200_000 / part.length)}`)
  assert.ok(process.cpuUsage().user - begun < 500_000, 'half a second of processor time')
})

test('lines that stand apart in a text stay apart: captions, rows of tables, sections and terms', async (t) => {
  const world = await startWorld(t)
  const { html } = await keep(world, {
    type: 'Article',
    content:
      '<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table><section>x</section><section>y</section><dl><dt>T</dt><dd>D</dd></dl>'
  })
  assert.equal(html, '<div><div>A B </div><div>1 2 </div></div><div>x</div><div>y</div><div><div>T</div><div>D</div></div>')
})
