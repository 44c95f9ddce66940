import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import type { Account } from '#server/accounts/who.ts'
import { findPostByUri, type PostRow } from '#server/posts/find-post.ts'
import { faultsOfDelivery, type Json } from '#test/federation/misskey-rules.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'
import { everybody, type Remote, type RemoteActor, remote } from '#test/helpers/remote.ts'
import { postOnPage } from '#test/federation/seen.ts'

const id = 'https://mk.test/users/9abc'

/** The words of Misskey are spelled out in place by everything it says. */
const context = [
  'https://www.w3.org/ns/activitystreams',
  'https://w3id.org/security/v1',
  {
    Key: 'sec:Key',
    manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
    sensitive: 'as:sensitive',
    Hashtag: 'as:Hashtag',
    quoteUrl: 'as:quoteUrl',
    toot: 'http://joinmastodon.org/ns#',
    Emoji: 'toot:Emoji',
    featured: 'toot:featured',
    discoverable: 'toot:discoverable',
    schema: 'http://schema.org#',
    PropertyValue: 'schema:PropertyValue',
    value: 'schema:value',
    misskey: 'https://misskey-hub.net/ns#',
    ...Object.fromEntries(
      ['_misskey_content', '_misskey_quote', '_misskey_reaction', '_misskey_votes', '_misskey_summary', 'isCat'].map((word) => [
        word,
        `misskey:${word}`
      ])
    ),
    _misskey_license: 'misskey:_misskey_license',
    freeText: { '@id': 'misskey:freeText', '@type': 'schema:text' },
    vcard: 'http://www.w3.org/2006/vcard/ns#'
  }
]

export const catEmoji = {
  id: 'https://mk.test/emojis/neko',
  type: 'Emoji',
  name: ':neko:',
  updated: '2026-01-01T00:00:00.000Z',
  icon: { type: 'Image', mediaType: 'image/png', url: 'https://mk.test/files/neko.png' },
  _misskey_license: { freeText: null }
}

/** alice here, mika on a server that speaks as Misskey does. */
export interface MisskeyWorld {
  instance: Instance
  alice: TestPerson
  server: Remote
  mika: RemoteActor
  /** Ids of activities that have none of their own are made up, as Misskey does. */
  tell(activity: Json): Promise<void>
  /** A note as Misskey writes one, and its Create. */
  note(name: string, text: string, fields?: Json): Json & { id: string }
  hear(note: Json & { id: string }): Promise<PostRow>
  say(text: string, fields?: Record<string, string>): Promise<PostRow>
  postAt(uri: string): Promise<PostRow | undefined>
  known(): Promise<Account>
  /** What it was sent of a type, in order. */
  of(type: string): Json[]
  /** Fails when it would have refused anything so far, or passed over it. */
  isContent(): void
}

export async function startMisskeyWorld(t: TestContext): Promise<MisskeyWorld> {
  const instance = await startInstance(t)
  const { db } = instance.ctx
  const [alice, server] = await Promise.all([instance.as('alice'), remote(t, instance, 'mk.test')])
  const mika = await server.actor('9abc')
  mika.document = { ...mika.document, ...actorOf(mika.keys.publicPem) }
  server.documents.set('/.well-known/webfinger?resource=acct%3Amika%40mk.test', {
    type: 'application/jrd+json',
    body: JSON.stringify({
      subject: 'acct:mika@mk.test',
      links: [
        { rel: 'self', type: 'application/activity+json', href: id },
        { rel: 'http://ostatus.org/schema/1.0/subscribe', template: 'https://mk.test/authorize-follow?acct={uri}' }
      ]
    })
  })
  let told = 0
  const world: MisskeyWorld = {
    instance,
    alice,
    server,
    mika,
    async tell(activity) {
      told += 1
      const whole = { '@context': context, id: `https://mk.test/${told}-5b1f`, actor: id, ...activity }
      const answer = await mika.send(whole, { headers: ['(request-target)', 'date', 'host', 'digest'] })
      assert.equal(answer.status, 202, answer.text)
      await instance.runJobs()
    },
    note(name, text, fields = {}) {
      const note = noteOf(name, text, new Date(instance.clock.now()).toISOString(), fields)
      server.documents.set(`/notes/${name}`, { '@context': context, ...note })
      return note
    },
    async hear(note) {
      await world.tell({
        id: `${note.id}/activity`,
        type: 'Create',
        published: note.published,
        object: note,
        ...(note.to ? { to: note.to } : {}),
        cc: note.cc
      })
      const post = await world.postAt(note.id)
      assert.ok(post, `${note.id} is kept`)
      return post
    },
    say: (text, fields) => postOnPage(instance, alice, text, fields),
    postAt: (uri) => findPostByUri(db, uri),
    async known() {
      const [row] = await db.select().from(accounts).where(eq(accounts.uri, id))
      assert.ok(row)
      return row
    },
    of: (type) => server.received.map(({ activity }) => activity).filter((activity) => activity.type === type),
    isContent() {
      assert.deepEqual(server.received.flatMap(faultsOfDelivery), [])
    }
  }
  return world
}

function actorOf(publicKeyPem: string): Json {
  return {
    '@context': context,
    preferredUsername: 'mika',
    name: 'Mika :neko:',
    summary: null,
    _misskey_summary: null,
    _misskey_followedMessage: null,
    _misskey_requireSigninToViewContents: false,
    url: 'https://mk.test/@mika',
    sharedInbox: 'https://mk.test/inbox',
    featured: `${id}/collections/featured`,
    icon: { type: 'Image', url: 'https://mk.test/identicon/mika@mk.test', sensitive: false, name: null },
    image: null,
    tag: [catEmoji],
    manuallyApprovesFollowers: false,
    discoverable: true,
    isCat: true,
    'vcard:bday': '2000-01-01',
    'vcard:Address': 'Neko',
    publicKey: { id: `${id}#main-key`, type: 'Key', owner: id, publicKeyPem }
  }
}

function noteOf(name: string, text: string, published: string, fields: Json): Json & { id: string } {
  return {
    id: `https://mk.test/notes/${name}`,
    type: 'Note',
    attributedTo: id,
    content: `<p>${text}</p>`,
    _misskey_content: text,
    source: { content: text, mediaType: 'text/x.misskeymarkdown' },
    published,
    to: [everybody],
    cc: [`${id}/followers`],
    inReplyTo: null,
    attachment: [],
    sensitive: false,
    tag: [],
    ...fields
  }
}
