import { enqueue } from '#server/jobs/enqueue.ts'
import { write } from '#test/federation/acts.ts'
import type { World } from '#test/federation/attack-world.ts'

type Source = (world: World, url: string, count: number) => Promise<unknown>

export const look = (world: World, typed: string) => world.alice.get(`/search?q=${encodeURIComponent(typed)}`)
const create = ({ e }: World, fields: Record<string, unknown>) => e.send(e.activity('Create', e.note('a lead', fields)))

/** Everything in what others say that might have us ask an address of their choice. */
export const sources: Record<string, Source> = {
  'a search by address': (world, url) => look(world, url),
  'a search by handle': (world, url) => look(world, `@x@${new URL(url).host}`),
  'the key of an activity': ({ e }, url) => e.send(e.activity('Like', 'https://skerry.test/x'), { keyId: `${url}#main-key` }),
  'the actor of an activity': ({ e }, url) =>
    e.send({ ...e.activity('Like', 'https://skerry.test/x'), actor: url }, { keyId: `${url}#main-key` }),
  'the key of a GET': async ({ instance, e }, url) => {
    const post = await write(instance, 'alice', 'for followers', 'followers')
    const { headers } = e.sign({}, { keyId: `${url}#main-key`, to: new URL(post.uri).pathname })
    await instance.app.inject({ url: new URL(post.uri).pathname, headers: { ...headers, accept: 'application/activity+json' } })
  },
  'what a note answers': (world, url) => create(world, { inReplyTo: url }),
  'lists of answers and of the conversation': async (world, url) => {
    const note = world.e.note('a thread', { replies: url, context: url, likes: url, shares: url })
    await world.e.send(world.e.activity('Create', note))
    await world.instance.runJobs()
    await world.alice.get(`/@eve@e.test/${(await world.postAt(note.id))?.id}`)
  },
  'what is attached': (world, url) => create(world, { attachment: [{ type: 'Image', mediaType: 'image/png', url }] }),
  'a custom emoji': (world, url, count) =>
    create(world, {
      content: `<p>:e${count}:</p>`,
      tag: [{ type: 'Emoji', id: url, name: `:e${count}:`, icon: { type: 'Image', url } }]
    }),
  'a context': (world, url) => create(world, { '@context': ['https://www.w3.org/ns/activitystreams', url], 'as:summary': 'x' }),
  'somebody mentioned': (world, url) => create(world, { to: [url], tag: [{ type: 'Mention', href: url, name: '@x' }] }),
  'a link in a post': async ({ instance, e }, url) => {
    await write(instance, 'alice', `look at ${url}`)
    await e.send(e.activity('Create', e.note(`<a href="${url}">look</a>`)))
  },
  'what is quoted, and its authorization': (world, url) =>
    create(world, { quote: url, quoteUrl: url, _misskey_quote: url, quoteAuthorization: url }),
  'an authorization of an answer': (world, url) => create(world, { replyAuthorization: url, approvedBy: url }),
  'what is boosted, liked, pinned, moved to, reported': async ({ e }, url) => {
    for (const type of ['Announce', 'Like', 'Create', 'Update', 'Flag', 'Follow', 'Accept']) await e.send(e.activity(type, url))
    await e.send(e.activity('Add', url, { target: `${e.uri}/featured` }))
    await e.send(e.activity('Move', e.uri, { target: url }))
    await e.send(e.activity('QuoteRequest', 'https://skerry.test/x', { instrument: url }))
  },
  'a proof': ({ e }, url) =>
    e.send({
      ...e.activity('Create', e.note('proven')),
      actor: 'https://b.test/users/ben',
      proof: {
        type: 'DataIntegrityProof',
        cryptosuite: 'eddsa-jcs-2022',
        verificationMethod: `${url}#k`,
        proofPurpose: 'assertionMethod',
        proofValue: 'z1'
      }
    }),
  'a list of followers': ({ e }, url) =>
    e.send(e.activity('Create', e.note('to followers')), {
      extra: { 'collection-synchronization': `collectionId="${e.uri}/followers", url="${url}", digest="${'0'.repeat(64)}"` }
    }),
  'an actor’s inboxes': async (world, url, count) => {
    const eve = await world.servers.e.actor(`inbox${count}`, { inbox: url, endpoints: { sharedInbox: url } })
    await eve.send(eve.activity('Follow', 'https://skerry.test/@alice'))
    await write(world.instance, 'alice', 'to all who follow')
  },
  'an actor’s pictures, collections, keys and other names': async (world, url, count) => {
    const image = { type: 'Image', mediaType: 'image/png', url }
    const lists = { outbox: url, followers: url, following: url, featured: url }
    const eve = await world.servers.e.actor(`all${count}`, {
      icon: image,
      image,
      ...lists,
      url,
      alsoKnownAs: [url],
      movedTo: url,
      assertionMethod: [url],
      attachment: [{ type: 'PropertyValue', name: 'home', value: `<a rel="me" href="${url}">${url}</a>` }]
    })
    eve.document.publicKey = [eve.document.publicKey, `${url}#main-key`]
    await eve.send(eve.activity('Create', eve.note('who am I')))
    await look(world, eve.uri)
    await world.alice.get(`/@${eve.handle}`)
  },
  WebFinger: async (world, url, count) => {
    const resource = encodeURIComponent(`acct:finger${count}@e.test`)
    const links = [{ rel: 'self', type: 'application/activity+json', href: url }]
    world.servers.e.documents.set(`/.well-known/webfinger?resource=${resource}`, {
      type: 'application/jrd+json',
      body: JSON.stringify({ subject: `acct:x@${new URL(url).host}`, links })
    })
    await look(world, `@finger${count}@e.test`)
  },
  NodeInfo: async (world, url) => {
    const links = [{ rel: 'http://nodeinfo.diaspora.software/ns/schema/2.0', href: url }]
    world.servers.e.documents.set('/.well-known/nodeinfo', { type: 'application/json', body: JSON.stringify({ links }) })
    await world.instance.ctx.transact(async (tx) => {
      await enqueue(tx, { kind: 'read-nodeinfo', input: { host: 'e.test' }, lane: 'fetch' })
    })
  }
}
