import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import type { Account } from '#server/accounts/who.ts'
import { findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { faultsOfDelivery, type Json } from '#test/federation/wordpress-rules.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'
import { everybody, type Remote, type RemoteActor, remote, type SendOptions } from '#test/helpers/remote.ts'
import { postOnPage } from '#test/federation/seen.ts'

export const site = 'https://wp.test'
const api = `${site}/wp-json/activitypub/1.0`

const gts = (word: string) => [word, { '@id': `gts:${word}`, '@type': '@id' }]
const objectContext = [
  'https://www.w3.org/ns/activitystreams',
  {
    Hashtag: 'as:Hashtag',
    sensitive: 'as:sensitive',
    dcterms: 'http://purl.org/dc/terms/',
    gts: 'https://gotosocial.org/ns#',
    ...Object.fromEntries(
      ['interactionPolicy', 'canQuote', 'automaticApproval', 'always', 'interactingObject', 'interactionTarget'].map(gts)
    ),
    QuoteAuthorization: 'https://w3id.org/fep/044f#QuoteAuthorization',
    QuoteRequest: 'https://w3id.org/fep/044f#QuoteRequest'
  }
]
const actorContext = [
  'https://www.w3.org/ns/activitystreams',
  'https://w3id.org/security/v1',
  'https://purl.archive.org/socialweb/webfinger',
  {
    schema: 'http://schema.org#',
    toot: 'http://joinmastodon.org/ns#',
    lemmy: 'https://join-lemmy.org/ns#',
    manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
    PropertyValue: 'schema:PropertyValue',
    value: 'schema:value',
    featured: { '@id': 'toot:featured', '@type': '@id' },
    moderators: { '@id': 'lemmy:moderators', '@type': '@id' },
    implements: { '@id': 'https://w3id.org/fep/844e/implements', '@type': '@id', '@container': '@list' },
    postingRestrictedToMods: 'lemmy:postingRestrictedToMods',
    discoverable: 'toot:discoverable'
  }
]

/** An actor of WordPress: its id is a query of the front page. */
export interface Writer {
  id: string
  document: Json
  signer: RemoteActor
}

/** alice here, and a blog with one author and an actor of its own. */
export interface WordPressWorld {
  instance: Instance
  alice: TestPerson
  server: Remote
  walt: Writer
  blog: Writer
  tell(activity: Json, from?: Writer, options?: SendOptions): Promise<void>
  /** A post of walt's as WordPress serves it, at its id and at its page. */
  article(number: number, fields?: Json): Json & { id: string }
  publish(article: Json & { id: string }): Promise<PostRow>
  say(text: string, fields?: Record<string, string>): Promise<PostRow>
  postAt(uri: string): Promise<PostRow | undefined>
  known(writer?: Writer): Promise<Account>
  of(type: string): Json[]
  /** Fails when WordPress would have refused anything so far, or passed over it. */
  isContent(): void
}

export async function startWordPressWorld(t: TestContext): Promise<WordPressWorld> {
  const instance = await startInstance(t)
  const { db } = instance.ctx
  const [alice, server] = await Promise.all([instance.as('alice'), remote(t, instance, 'wp.test')])
  const walt = writerOf(await server.actor('1'), 1, { preferredUsername: 'walt', name: 'Walt', url: `${site}/author/walt/` })
  const group = { type: 'Group', preferredUsername: 'wp.test', name: 'The blog', url: `${site}/@wp.test`, postingRestrictedToMods: true }
  const blog = writerOf(await server.actor('0'), 0, { ...group, attributedTo: `${api}/collections/moderators` })
  for (const { id, document } of [walt, blog]) {
    server.documents.set(id.slice(site.length), document)
    const subject = `acct:${document.preferredUsername}@wp.test`
    const links = [
      {
        rel: 'self',
        type: 'application/activity+json',
        href: id,
        properties: { 'https://www.w3.org/ns/activitystreams#type': document.type }
      },
      { rel: 'http://ostatus.org/schema/1.0/subscribe', template: `${api}/interactions?uri={uri}` }
    ]
    const body = JSON.stringify({ subject, aliases: [id, document.url], links })
    server.documents.set(`/.well-known/webfinger?resource=${encodeURIComponent(subject)}`, {
      type: 'application/jrd+json; charset=UTF-8',
      body
    })
  }
  let told = 0
  const world: WordPressWorld = {
    instance,
    alice,
    server,
    walt,
    blog,
    async tell(activity, from = walt, options = {}) {
      told += 1
      const whole = { '@context': objectContext, id: `${site}/?post_type=ap_outbox&p=${900 + told}`, actor: from.id, ...activity }
      const answer = await from.signer.send(whole, { keyId: `${from.id}#main-key`, ...options })
      assert.equal(answer.status, 202, answer.text)
      await instance.runJobs()
    },
    article(number, fields = {}) {
      const whole = { '@context': objectContext, ...articleOf(number, walt, new Date(instance.clock.now()).toISOString(), fields) }
      server.documents.set(`/?p=${number}`, whole)
      server.documents.set(`/2026/11/title-${number}/`, whole)
      return whole
    },
    async publish(article) {
      await world.tell({ type: 'Create', object: article, to: article.to, cc: article.cc, published: article.published })
      const post = await world.postAt(article.id)
      assert.ok(post, `${article.id} is kept`)
      return post
    },
    say: (text, fields) => postOnPage(instance, alice, text, fields),
    postAt: (uri) => findPostByUri(db, uri),
    async known({ id } = walt) {
      const [row] = await db.select().from(accounts).where(eq(accounts.uri, id))
      assert.ok(row, id)
      return row
    },
    of: (type) => server.received.map(({ activity }) => activity).filter((activity) => activity.type === type),
    isContent() {
      assert.deepEqual(
        server.received.flatMap((delivery) => faultsOfDelivery(delivery, 'wp.test', instance.clock.now())),
        []
      )
    }
  }
  return world
}

function writerOf(signer: RemoteActor, number: number, fields: Json): Writer {
  const id = `${site}/?author=${number}`
  const of = (place: string) => `${api}/actors/${number}/${place}`
  const document = {
    '@context': actorContext,
    id,
    type: 'Person',
    attachment: [
      { type: 'PropertyValue', name: 'Blog', value: `<a rel="me" href="${site}/">wp.test</a>` },
      { type: 'Link', name: 'Blog', href: `${site}/`, rel: ['me'] }
    ],
    summary: '<p>I write.</p>',
    icon: { type: 'Image', url: `${site}/avatar.png` },
    tag: [],
    streams: [],
    inbox: of('inbox'),
    outbox: of('outbox'),
    followers: of('followers'),
    following: of('following'),
    featured: of('collections/featured'),
    endpoints: { sharedInbox: `${api}/inbox` },
    publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem: signer.keys.publicPem },
    manuallyApprovesFollowers: false,
    discoverable: true,
    implements: [{ href: 'https://datatracker.ietf.org/doc/html/rfc9421', name: 'RFC-9421: HTTP Message Signatures' }],
    ...fields
  }
  return { id, document, signer }
}

function articleOf(number: number, walt: Writer, published: string, fields: Json): Json & { id: string } {
  const id = `${site}/?p=${number}`
  return {
    id,
    type: 'Article',
    attributedTo: walt.id,
    name: 'A title',
    nameMap: { en: 'A title' },
    content: '<p>The whole.</p>',
    contentMap: { en: '<p>The whole.</p>' },
    summary: 'In short […]',
    summaryMap: { en: 'In short […]' },
    mediaType: 'text/html',
    published,
    url: `${site}/2026/11/title-${number}/`,
    to: [everybody],
    cc: [walt.document.followers],
    attachment: [],
    tag: [{ type: 'Hashtag', href: `${site}/tag/cats/`, name: '#cats' }],
    replies: { id: `${api}/posts/${number}/replies`, type: 'Collection', first: { type: 'CollectionPage', items: [] } },
    likes: { id: `${api}/posts/${number}/likes`, type: 'Collection', totalItems: 3 },
    sensitive: false,
    interactionPolicy: { canQuote: { automaticApproval: everybody, always: everybody } },
    ...fields
  }
}
