import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { emojis } from '#db/schema/emoji.ts'
import { media } from '#db/schema/media.ts'
import { notifications } from '#db/schema/notifications.ts'
import { postAudience, posts, postVersions } from '#db/schema/posts.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { boostPost } from '#server/posts/boost-post.ts'
import { startWorld, type World } from '#test/federation/attack-world.ts'
import { whoIs } from '#test/helpers/who-is.ts'

const everybody = 'https://www.w3.org/ns/activitystreams#Public'
const emoji = (name: string, url = `https://a.test/emoji/${name}.png`) => ({
  type: 'Emoji',
  name: `:${name}:`,
  icon: { type: 'Image', url }
})

/** Has ana say something, and gives what is kept of it. */
async function say(world: World, content: string, fields: Record<string, unknown> = {}) {
  const note = world.a.note(content, fields)
  const { status, text } = await world.a.send(world.a.activity('Create', note))
  assert.equal(status, 202, text)
  const post = await world.postAt(note.id)
  assert.ok(post, `${note.id} is not kept`)
  return { note, post }
}

async function pageOf(world: World, postId: number): Promise<string> {
  return world.alice.page(`/@ana@a.test/${postId}`)
}

test('the summary of an article is shown in lists with a way to the whole, and both on its own page', async (t) => {
  const world = await startWorld(t)
  const { post } = await say(world, 'the whole text', {
    type: 'Article',
    name: 'A title',
    summary: 'in short',
    url: 'https://a.test/articles/1'
  })
  assert.deepEqual([post.title, post.warning, post.abstractHtml], ['A title', '', 'in short'])
  const list = await world.alice.page('/@ana@a.test')
  assert.match(list, /<a href="https:\/\/a\.test\/articles\/1"[^>]*>A title<\/a>/)
  assert.match(list, /in short<p><a href="\/@ana@a\.test\/\d+">Read the full text/)
  assert.doesNotMatch(list, /the whole text/)
  assert.match(await pageOf(world, post.id), /in short<hr><p>the whole text/)
})

test('a preview is the abstract where there is one, and a summary of a note is a warning', async (t) => {
  const world = await startWorld(t)
  const preview = { type: 'Note', content: '<p>a <em>preview</em><script>no</script></p>' }
  const page = await say(world, 'whole', { type: 'Page', name: 'A page', summary: 'a summary', preview })
  assert.equal(page.post.abstractHtml, '<p>a <em>preview</em></p>')
  const note = await say(world, 'whole', { summary: 'a summary', preview })
  assert.deepEqual([note.post.abstractHtml, note.post.warning], [null, 'a summary'])
})

test('Markdown is rendered, and HTML within it is text', async (t) => {
  const world = await startWorld(t)
  const video = {
    type: 'Video',
    name: 'A film',
    mediaType: 'text/markdown',
    content: '**bold** <img src=x onerror=alert(1)>\n\n[here](https://x.test/a)'
  }
  const { post } = await say(world, '', video)
  assert.match(post.html, /<strong>bold<\/strong> &lt;img/)
  assert.match(post.html, /<a href="https:\/\/x\.test\/a"[^>]*>here/)
})

test('a chat message is a direct post to whom it is addressed, who hears of it', async (t) => {
  const world = await startWorld(t)
  const { post } = await say(world, 'psst', { type: 'ChatMessage', to: [world.alice.account.uri, everybody], cc: undefined })
  assert.equal(post.visibility, 'direct')
  const told = await world.instance.ctx.db.select().from(notifications)
  assert.deepEqual(
    told.map(({ kind, accountId }) => [kind, accountId]),
    [['mention', world.alice.account.id]]
  )
  assert.equal((await world.instance.guest().get(`/@ana@a.test/${post.id}`)).statusCode, 404)
})

test('what is attached and no picture is a link or a line below the text; a link to a picture is a picture', async (t) => {
  const world = await startWorld(t)
  const { post } = await say(world, 'listen', {
    attachment: [
      { type: 'Audio', mediaType: 'audio/ogg', url: 'https://a.test/song.ogg', name: 'A song' },
      { type: 'Link', href: 'https://news.test/story', name: 'A story' },
      { type: 'Link', href: 'javascript:alert(1)', name: 'Bad' },
      { type: 'Link', href: 'https://a.test/pic.png', mediaType: 'image/png' },
      { type: 'PropertyValue', name: 'Place', value: 'The <b>pier</b><script>x</script>' }
    ]
  })
  const text = htmlToText(post.html)
  assert.match(text, /A song/)
  assert.match(post.html, /href="https:\/\/news\.test\/story"/)
  assert.match(text, /Place: The pier/)
  assert.doesNotMatch(post.html, /javascript|script/)
  const pictures = await world.instance.ctx.db.select().from(media).where(eq(media.postId, post.id))
  assert.deepEqual(
    pictures.map(({ remoteUrl }) => remoteUrl),
    ['https://a.test/pic.png']
  )
})

test('an event says when and where', async (t) => {
  const world = await startWorld(t)
  const { post } = await say(world, 'come all', {
    type: 'Event',
    name: 'A party',
    startTime: '2026-12-01T18:00:00+01:00',
    location: { type: 'Place', name: 'The <pier>' }
  })
  assert.match(post.html, /2026-12-01 18:00 \(UTC\+01:00\), The &lt;pier&gt;/)
})

test('a video is its person’s, whatever the order in which a channel stands beside them', async (t) => {
  const world = await startWorld(t)
  const channel = await world.servers.a.actor('channel', { type: 'Group' })
  const attributedTo = [
    { type: 'Group', id: channel.uri },
    { type: 'Person', id: world.a.uri }
  ]
  const video = world.a.note('a film', { type: 'Video', name: 'A film', attributedTo })
  await world.b.send(world.b.activity('Announce', video.id))
  await world.instance.runJobs()
  const post = await world.postAt(video.id)
  assert.equal(post?.authorId, (await world.accountAt(world.a.uri))?.id)
  const other = world.a.note('another', { type: 'Video', name: 'Another', attributedTo })
  assert.equal((await world.a.send(world.a.activity('Create', other))).status, 202)
  assert.equal((await world.b.send(world.b.activity('Create', { ...other, id: 'https://b.test/x' }))).status, 403)
})

test('custom emoji are shown in names, titles, texts and warnings, and never within links, code or attributes', async (t) => {
  const world = await startWorld(t)
  world.a.document.name = 'Ana :blob:'
  world.a.document.summary = '<p>I am :blob:</p>'
  world.a.document.tag = [emoji('blob')]
  world.a.document.attachment = [{ type: 'PropertyValue', name: 'Likes :blob:', value: ':blob: things' }]
  const { post } = await say(
    world,
    ':wave: <a href="https://x.test/:wave:/">:wave:</a> <code>:wave:</code> https://x.test/:wave: :unknown: <span class=":wave:">x</span>',
    {
      summary: 'oh :wave:',
      tag: [emoji('wave'), emoji('unused'), emoji('<b>'), { ...emoji('evil'), icon: { url: 'javascript:alert(1)' } }]
    }
  )
  const html = await pageOf(world, post.id)
  const content = /<div class="content"[^>]*>(.*?)<\/div>/s.exec(html)?.[1] ?? ''
  assert.equal(content.match(/<img class="emoji"/g)?.length, 1)
  assert.match(content, /^<p><img class="emoji" src="\/media\/[\w-]+" alt=":wave:" title=":wave:"/)
  assert.match(html, /<bdi class="warning-text">oh <img class="emoji"/)
  assert.match(html, /<bdi class="name">Ana <span class="name-emoji"><img class="emoji"/)
  const profile = await world.alice.page('/@ana@a.test')
  assert.match(profile, /I am <img class="emoji"/)
  assert.match(profile, /Likes <img class="emoji"/)
  const kept = await world.instance.ctx.db.select().from(emojis)
  assert.deepEqual(kept.map(({ host, shortcode }) => `${shortcode}@${host}`).sort(), ['blob@a.test', 'wave@a.test'])
})

test('an emoji whose picture changed keeps its key, and 64 a document are the most', async (t) => {
  const world = await startWorld(t)
  const names = Array.from({ length: 80 }, (_, at) => `e${at}`)
  const many = await say(world, names.map((name) => `:${name}:`).join(' '), { tag: names.map((name) => emoji(name)) })
  assert.equal(many.post.emojis?.length, 64)
  await say(world, ':e0:', { tag: [emoji('e0', 'https://a.test/new.png')] })
  const [row] = await world.instance.ctx.db.select().from(emojis).where(eq(emojis.shortcode, 'e0'))
  assert.equal(row?.remoteUrl, 'https://a.test/new.png')
  assert.equal(row?.mediaKey, many.post.emojis?.[0]?.key)
})

test('an edit brings its own emoji', async (t) => {
  const world = await startWorld(t)
  const { note, post } = await say(world, ':wave:', { tag: [emoji('wave')] })
  world.instance.clock.advance(60_000)
  const updated = new Date(world.instance.clock.now()).toISOString()
  await world.a.send(world.a.activity('Update', { ...note, content: '<p>:blob:</p>', tag: [emoji('blob')], updated }))
  assert.match(await pageOf(world, post.id), /<img class="emoji" src="[^"]+" alt=":blob:"/)
})

test('an emoji of a blocked server is shown to nobody', async (t) => {
  const world = await startWorld(t)
  const { post } = await say(world, ':wave:', { tag: [emoji('wave', 'https://cdn.test/wave.png')] })
  const mona = await world.instance.as('mona', { role: 'admin' })
  await mona.submit('/admin/domains', { domain: 'a.test', severity: 'suspend', reason: '' })
  assert.equal((await world.alice.get(`/media/${post.emojis?.[0]?.key}`)).statusCode, 404)
})

test('a memorial account says so, and nobody is told that it follows them', async (t) => {
  const world = await startWorld(t)
  world.a.document.memorial = true
  await world.a.send(world.a.activity('Follow', world.alice.account.uri))
  assert.match(await world.alice.page('/@ana@a.test'), /In memory/)
  assert.deepEqual(await world.instance.ctx.db.select().from(notifications), [])
})

test('a newer edit is told to who boosted it or is mentioned; an equal one is silent, an older one nothing', async (t) => {
  const world = await startWorld(t)
  const { ctx } = world.instance
  const tag = [{ type: 'Mention', href: world.alice.account.uri, name: '@alice' }]
  const { note, post } = await say(world, 'first', { tag })
  const bob = await whoIs(world.instance, 'bob')
  await boostPost(ctx, bob, { postId: post.id })
  const at = (minutes: number) => new Date(post.createdAt + minutes * 60_000).toISOString()
  world.instance.clock.advance(10 * 60_000)
  const edit = (content: string, updated: string) => world.a.send(world.a.activity('Update', { ...note, content, updated }))
  const kinds = async () =>
    (await ctx.db.select().from(notifications))
      .map(({ kind, accountId }) => `${kind} ${accountId === bob.account.id ? 'bob' : 'alice'}`)
      .sort()
  await edit('<p>second</p>', at(5))
  assert.equal((await world.postAt(note.id))?.html, '<p>second</p>')
  assert.deepEqual(await kinds(), ['edit alice', 'edit bob', 'mention alice'])
  await edit('<p>silently otherwise</p>', at(5))
  await edit('<p>older</p>', at(2))
  assert.equal((await world.postAt(note.id))?.html, '<p>second</p>')
  assert.equal((await ctx.db.select().from(postVersions)).length, 1)
  await edit('<p>third</p>', at(7))
  assert.deepEqual(await kinds(), ['edit alice', 'edit bob', 'mention alice'])
  assert.match(await world.alice.page('/notifications'), /edited a post/)
})

test('whoever is no longer mentioned still sees the post, silently', async (t) => {
  const world = await startWorld(t)
  const tag = [{ type: 'Mention', href: world.alice.account.uri, name: '@alice' }]
  const { note, post } = await say(world, 'for you', { to: [world.alice.account.uri], cc: [], tag })
  world.instance.clock.advance(60_000)
  const updated = new Date(world.instance.clock.now()).toISOString()
  await world.a.send(world.a.activity('Update', { ...note, to: [], cc: [], tag: [], content: '<p>for nobody</p>', updated }))
  assert.match(await pageOf(world, post.id), /for nobody/)
  assert.deepEqual(
    (await world.instance.ctx.db.select().from(postAudience)).map(({ kind }) => kind),
    ['silent']
  )
})

test('an Update that overtakes its Create stands, and one after the Delete revives nothing', async (t) => {
  const world = await startWorld(t)
  const { a, instance } = world
  const note = a.note('first')
  instance.clock.advance(60_000)
  const updated = new Date(instance.clock.now()).toISOString()
  const update = a.activity('Update', { ...note, content: '<p>second</p>', updated })
  await a.send(update)
  await a.send(a.activity('Create', note))
  assert.equal((await world.postAt(note.id))?.html, '<p>second</p>')
  await a.send(a.activity('Update', { ...note, content: '<p>between</p>', updated: new Date(instance.clock.now() - 30_000).toISOString() }))
  assert.equal((await world.postAt(note.id))?.html, '<p>second</p>')
  await a.send(a.activity('Delete', note.id))
  await a.send({ ...update, id: `${update.id}-again` })
  assert.notEqual((await world.postAt(note.id))?.deletedAt, null)
  const never = a.note('never seen')
  await a.send(a.activity('Delete', { type: 'Tombstone', id: never.id }))
  await a.send(a.activity('Update', never))
  assert.equal(await world.postAt(never.id), undefined)
})

const nodeInfoLinks = JSON.stringify({
  links: [{ rel: 'http://nodeinfo.diaspora.software/ns/schema/2.0', href: 'https://a.test/nodeinfo' }]
})

test('an actor whose key is gone is deleted once its server says that it is gone, and not before', async (t) => {
  for (const status of [404, 410]) {
    const world = await startWorld(t)
    const { a, b } = world
    await say(world, 'to be gone')
    const forged = () => a.send(a.activity('Delete', a.uri), { privatePem: b.keys.privatePem })
    assert.equal((await forged()).status, 401)
    assert.equal((await world.accountAt(a.uri))?.deletedAt, null)
    world.servers.a.documents.set('/users/ana', { status })
    world.instance.clock.advance(10 * 60_000)
    assert.equal((await a.send(a.activity('Create', a.note('still here')), { privatePem: b.keys.privatePem })).status, 401)
    assert.equal((await forged()).status, 202)
    await world.instance.runJobs()
    if (status === 404) {
      // A server that is being repaired says so of everybody; this one serves, and says it again an hour later.
      assert.equal((await world.accountAt(a.uri))?.deletedAt, null)
      world.servers.a.documents.set('/.well-known/nodeinfo', { type: 'application/json', status: 200, body: nodeInfoLinks })
      world.instance.clock.advance(61 * 60_000)
      await world.instance.runJobs()
    }
    assert.notEqual((await world.accountAt(a.uri))?.deletedAt, null)
    assert.deepEqual(
      (await world.instance.ctx.db.select().from(posts)).map(({ html }) => html),
      ['']
    )
    const asked = world.fetches().length
    world.instance.clock.advance(10 * 60_000)
    assert.equal((await forged()).status, 202)
    assert.equal(world.fetches().length, asked)
  }
})

test('all five types of actors are known, and what they say of themselves holds', async (t) => {
  const world = await startWorld(t)
  for (const type of ['Person', 'Service', 'Application', 'Group', 'Organization']) {
    const actor = await world.servers.b.actor(type.toLowerCase(), {
      type,
      discoverable: false,
      indexable: true,
      manuallyApprovesFollowers: true
    })
    await actor.send(actor.activity('Create', actor.note('hello')))
    const [row] = await world.instance.ctx.db.select().from(accounts).where(eq(accounts.uri, actor.uri))
    assert.deepEqual([row?.type, row?.isDiscoverable, row?.isIndexable, row?.isLocked], [type, false, true, true])
  }
})

test('single values, lists, language maps and Public in any spelling are read alike', async (t) => {
  const world = await startWorld(t)
  for (const to of [everybody, 'as:Public', ['Public'], [everybody]]) {
    const { post } = await say(world, '', {
      content: undefined,
      contentMap: { de: '<p>hallo</p>' },
      name: undefined,
      nameMap: { de: 'Titel' },
      type: 'Article',
      to,
      cc: 'https://a.test/users/ana/followers',
      tag: { type: 'Hashtag', name: '#eins' },
      attachment: { type: 'Image', url: [{ type: 'Link', href: 'https://a.test/1.png', mediaType: 'image/png' }] },
      url: [{ type: 'Link', href: 'https://elsewhere.test/x', mediaType: 'text/html' }]
    })
    assert.deepEqual([post.visibility, post.html, post.title, post.language, post.url], ['public', '<p>hallo</p>', 'Titel', 'de', null])
  }
})
