import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { follows } from '#db/schema/follows.ts'
import { media } from '#db/schema/media.ts'
import type { Json } from '#test/federation/wordpress-rules.ts'
import { site, startWordPressWorld, type WordPressWorld } from '#test/federation/wordpress-world.ts'
import { everybody } from '#test/helpers/remote.ts'

/** alice follows walt, who answers as newer versions sign. */
async function follow({ instance, alice, walt, known, tell, of }: WordPressWorld): Promise<void> {
  await instance.ctx.fediverse.resolve('@walt@wp.test')
  await alice.submit(`/accounts/${(await known()).id}/follow`)
  await instance.runJobs()
  const { id, type, actor, object } = of('Follow')[0] ?? {}
  const accept = { type: 'Accept', object: { id, type, actor, object }, to: [actor] }
  await tell(accept, walt, { kind: 'rfc9421', components: ['@method', '@target-uri', '@authority', 'content-digest'] })
}

test('an author and the blog itself are found by handle, and an author is followed', async (t) => {
  const world = await startWordPressWorld(t)
  const { instance, blog, known, isContent } = world
  await follow(world)
  await instance.ctx.fediverse.resolve('wp.test@wp.test')
  const [walt, group] = [await known(), await known(blog)]
  assert.deepEqual([walt.name, walt.domain, walt.type, walt.url], ['walt', 'wp.test', 'Person', `${site}/author/walt/`])
  assert.deepEqual([group.name, group.domain, group.type], ['wp.test', 'wp.test', 'Group'])
  assert.deepEqual(
    (await instance.ctx.db.select().from(follows)).map(({ state }) => state),
    ['accepted']
  )
  isContent()
})

test('an article shows its title, what it says in short, its text and each of its pictures once, and follows what is changed and trashed', async (t) => {
  const { instance, alice, walt, blog, article, publish, tell, postAt } = await startWordPressWorld(t)
  await instance.ctx.fediverse.resolve('wp.test@wp.test')
  const figure = (name: string, caption: string) =>
    `<figure class="wp-block-image"><a href="${site}/${name}.jpg"><img src="${site}/${name}-300x200.jpg" alt="${name}" width="300"/></a><figcaption>${caption}</figcaption></figure>`
  const content = `<p>The whole. <img class="wp-smiley" src="${site}/smile.png" alt=":)"></p>${figure('cat', 'a cat')}${figure('dog', 'a dog')}`
  const written = article(123, {
    content,
    contentMap: { en: content },
    audience: blog.id,
    attachment: [{ type: 'Image', url: `${site}/cat-1024x683.jpg`, mediaType: 'image/jpeg', name: 'A cat' }]
  })
  const post = await publish(written)
  assert.deepEqual([post.title, post.language, post.url, post.abstractHtml], ['A title', 'en', written.url, 'In short […]'])
  assert.equal(post.html, '<p>The whole. <span>:)</span></p><div><div>a cat</div></div><div><div>a dog</div></div>')
  const pictures = await instance.ctx.db.select().from(media).where(eq(media.postId, post.id))
  assert.deepEqual(
    pictures.map(({ remoteUrl, alt }) => [remoteUrl, alt]),
    [
      [`${site}/cat-1024x683.jpg`, 'A cat'],
      [`${site}/dog-300x200.jpg`, 'dog']
    ]
  )
  // The blog tells its own followers by announcing the whole activity.
  const create = { id: `${site}/?p=900`, type: 'Create', actor: walt.id, object: written, to: written.to, cc: written.cc }
  await tell({ type: 'Announce', object: create, to: [everybody], cc: [blog.document.followers] }, blog)
  assert.match(await alice.page(`/@walt@wp.test/${post.id}`), /1 boost/)
  const updated = new Date(instance.clock.now() + 60_000).toISOString()
  await tell({
    type: 'Update',
    object: { ...written, content: '<p>Other.</p>', contentMap: { en: '<p>Other.</p>' }, updated },
    to: [everybody]
  })
  assert.equal((await postAt(written.id))?.html, '<p>Other.</p>')
  await tell({ type: 'Update', object: walt.id, to: [everybody] })
  await tell({ type: 'Delete', object: { id: written.id, type: 'Tombstone', formerType: 'Article' }, to: [everybody], cc: written.cc })
  assert.notEqual((await postAt(written.id))?.deletedAt, null)
})

test('a comment there answers a post here, a comment here reaches the blog whether it names the author or not', async (t) => {
  const { instance, alice, walt, article, publish, tell, say, postAt, of, isContent } = await startWordPressWorld(t)
  const mine = await say('something to answer')
  const comment = {
    id: `${site}/?c=45`,
    type: 'Note',
    attributedTo: walt.id,
    content: `<p><a rel="mention" class="u-url mention" href="https://skerry.test/@alice">@alice@skerry.test</a> well said</p>`,
    contentMap: { en: `<p>well said</p>` },
    inReplyTo: mine.uri,
    published: new Date(instance.clock.now()).toISOString(),
    url: `${site}/?c=45`,
    to: [everybody],
    cc: [walt.document.followers, alice.account.uri],
    tag: [{ type: 'Mention', href: alice.account.uri, name: '@alice@skerry.test' }],
    mediaType: 'text/html'
  }
  await tell({ type: 'Create', object: comment, to: comment.to, cc: comment.cc })
  assert.equal((await postAt(comment.id))?.replyToId, mine.id)
  const post = await publish(article(123))
  const answer = await say('an answer without a name', { replyTo: String(post.id) })
  for (const act of ['favourite', 'unfavourite', 'boost', 'unboost']) {
    await alice.submit(`/posts/${post.id}/${act}`)
    await instance.runJobs()
  }
  instance.clock.advance(60_000)
  await alice.submit(`/posts/${answer.id}/edit`, { text: 'a better answer' })
  await instance.runJobs()
  await alice.submit(`/posts/${answer.id}/delete`)
  await instance.runJobs()
  const about = ['Create', 'Update', 'Delete'].flatMap((type) => of(type).slice(-1))
  assert.deepEqual(
    about.map(({ cc }) => [cc].flat().includes(walt.id)),
    [true, true, true]
  )
  assert.equal((about[0]?.object as Json | undefined)?.inReplyTo, `${site}/?p=123`)
  const gone = await instance.app.inject({
    url: new URL(answer.uri).pathname,
    headers: { host: 'skerry.test', accept: 'application/activity+json' }
  })
  // It looks whether what is said to be deleted is gone, and forgets nothing else.
  assert.equal(gone.statusCode, 410)
  isContent()
})

test('WordPress stamps a quote under a query of its front page, and takes the stamp back with a Reject', async (t) => {
  const { instance, server, walt, article, publish, tell, say, of, alice, isContent } = await startWordPressWorld(t)
  const post = await publish(article(123))
  const quoting = await say('look at this', { quote: String(post.id) })
  const [asked] = of('QuoteRequest')
  assert.equal(asked?.object, `${site}/?p=123`)
  const stamp = `${site}/?p=123&stamp=7`
  server.documents.set('/?p=123&stamp=7', {
    '@context': [
      'https://www.w3.org/ns/activitystreams',
      {
        QuoteAuthorization: 'https://w3id.org/fep/044f#QuoteAuthorization',
        gts: 'https://gotosocial.org/ns#',
        interactingObject: { '@id': 'gts:interactingObject', '@type': '@id' },
        interactionTarget: { '@id': 'gts:interactionTarget', '@type': '@id' }
      }
    ],
    id: stamp,
    type: 'QuoteAuthorization',
    attributedTo: walt.id,
    interactingObject: quoting.uri,
    interactionTarget: `${site}/?p=123`
  })
  const { id, type, actor, object } = asked ?? {}
  const request = { id, type, actor, object, instrument: quoting.uri }
  await tell({ type: 'Accept', object: request, result: stamp, to: [actor] })
  const served = async () =>
    (
      await instance.app.inject({
        url: new URL(quoting.uri).pathname,
        headers: { host: 'skerry.test', accept: 'application/activity+json' }
      })
    ).json() as Json
  assert.equal((await served()).quoteAuthorization, stamp)
  assert.match(await alice.page(`/@alice/${quoting.id}`), /In short/)
  await tell({ type: 'Reject', object: request, to: [actor] })
  assert.equal((await served()).quoteAuthorization, undefined)
  isContent()
})
