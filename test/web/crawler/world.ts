import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { and, eq, isNotNull } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { blocks } from '#db/schema/follows.ts'
import { media } from '#db/schema/media.ts'
import { interactions, quotes } from '#db/schema/quotes.ts'
import { posts } from '#db/schema/posts.ts'
import { sessions } from '#db/schema/sign-in.ts'
import { saveDraft } from '#server/drafts/save-draft.ts'
import { scheduleDraft } from '#server/drafts/schedule-draft.ts'
import { createFilter } from '#server/filters/write-filter.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { createList } from '#server/lists/change-lists.ts'
import { hideDomain } from '#server/follows/hide-domain.ts'
import { uploadImage } from '#server/media/upload-image.ts'
import { boostPost } from '#server/posts/boost-post.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { remote } from '#test/helpers/remote.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { jpegOf } from '#test/media/pictures.ts'
import { keepThings } from '#test/web/crawler/kept-things.ts'
import { moderateThings } from '#test/web/crawler/moderated-things.ts'
import { storedSecrets } from '#test/web/crawler/stored-secrets.ts'
import { appViewer, guestViewer, peerViewer, personViewer, type Viewer } from '#test/web/crawler/viewers.ts'

/** A secret that stands in the world, and who may come across it. */
export interface Marker {
  /** What it is, for the message when it leaks. */
  name: string
  text: string
  /** Names of viewers that may see it anywhere. */
  for: string[]
  /** Moderators may see it, but in the panel only. */
  isForPanel: boolean
}

export interface CrawledWorld {
  instance: Instance
  markers: Marker[]
  viewers: Viewer[]
  /** What searches are made with: words that stand beside the markers, and beginnings of them. */
  searches: string[]
  /** What the parameters of routes are filled with. */
  values: ParameterValues
}

export interface ParameterValues {
  /** Names of our own accounts. */
  names: string[]
  /** Handles as they stand in addresses: names, and `name@host` of others. */
  handles: string[]
  /** Ids of posts with the name and handle of their author. */
  authored: { name: string; handle: string; id: string }[]
  /** Ids of anything: posts, accounts, reports, sessions, pictures. */
  ids: string[]
  /** Ids of agreements, and some that are none. */
  authorizations: string[]
  keys: string[]
  tags: string[]
  tokens: string[]
  domains: string[]
}

/** An instance in which every kind of secret lies somewhere, and everybody who might come looking. */
export async function startCrawledWorld(t: TestContext): Promise<CrawledWorld> {
  const instance = await startInstance(t, { config: { outbound: { connectionsMax: 10 } } })
  const { ctx } = instance
  const markers: Marker[] = []
  const searches: string[] = []

  /** A secret with a word beside it to search for: texts are `seek… hush…`. */
  function secret(name: string, seenBy: string[] = [], { isForPanel = false } = {}): string {
    const random = randomBytes(6).toString('hex')
    const text = `hush${random}`
    markers.push({ name, text, for: seenBy, isForPanel })
    searches.push(`seek${random}`, `hush${random.slice(0, 8)}`)
    return `seek${random} ${text}`
  }

  const [alice, , stranger, , , blake, bruno, sid] = [
    await instance.as('alice'),
    await instance.as('rita'),
    await instance.as('stranger'),
    await instance.as('follower'),
    await instance.as('moderator', { role: 'moderator' }),
    await instance.as('blake'),
    await instance.as('bruno'),
    await instance.as('sid')
  ]
  const peer = await remote(t, instance, 'peer.test')
  const [peerStranger, peerFollower, peerRecipient] = [await peer.actor('pest'), await peer.actor('fred'), await peer.actor('ria')]
  for (const actor of [peerStranger, peerFollower, peerRecipient]) await ctx.fediverse.resolve(actor.uri)

  await followAccount(ctx, await whoIs(instance, 'follower'), { accountId: alice.account.id })
  await peerFollower.send(peerFollower.activity('Follow', alice.account.uri))
  await instance.runJobs()

  // What alice writes. A picture carries its words in the description; an edit leaves the first words in the history.
  const author = await whoIs(instance, 'alice')
  const followersOnly = ['alice', 'follower', 'peer-follower']
  const picture = await uploadImage(ctx, author, { bytes: await jpegOf(), alt: secret('alt text of a followers-only post', followersOnly) })
  const tag = secret('tag of a followers-only post', followersOnly).split(' ')[1]!
  const among = await publishPost(ctx, author, {
    text: `${secret('text of a followers-only post before its edit', ['alice', 'follower'])}`,
    warning: secret('warning of a followers-only post before its edit', ['alice', 'follower']),
    visibility: 'followers',
    media: [{ id: picture.id }],
    poll: { options: [secret('option of a followers-only poll', followersOnly), 'another'], isMultiple: false, lastsS: 86_400 }
  })
  await editPost(ctx, author, {
    postId: among.id,
    text: `${secret('text of a followers-only post', followersOnly)} #${tag}`,
    warning: secret('warning of a followers-only post', followersOnly),
    media: [{ id: picture.id }]
  })
  const open = await publishPost(ctx, author, { text: 'A public post of alice #harbour', visibility: 'public' })
  const direct = await publishPost(ctx, author, {
    text: `@rita @ria@peer.test ${secret('direct post', ['alice', 'rita', 'peer-recipient'])}`,
    visibility: 'direct',
    replyToId: open.id
  })
  const answer = await publishPost(ctx, await whoIs(instance, 'rita'), {
    text: `@alice ${secret('direct answer under a public post', ['alice', 'rita'])}`,
    visibility: 'direct',
    replyToId: open.id
  })
  const deleted = await publishPost(ctx, author, { text: secret('text of a deleted post'), visibility: 'public' })
  await deletePost(ctx, author, { postId: deleted.id })
  // What stays on this server is for everybody who lives here, a picture's words included, and for nobody else.
  const here = ['alice', 'rita', 'stranger', 'follower', 'moderator']
  const stays = await publishPost(ctx, author, {
    text: `@rita @fred@peer.test ${secret('text of a local-only post', here)} #harbour`,
    warning: secret('warning of a local-only post', here),
    isLocalOnly: true,
    isMarkdown: true,
    media: [
      { id: (await uploadImage(ctx, author, { bytes: await jpegOf(220, 100), alt: secret('alt text of a local-only post', here) })).id }
    ]
  })
  await boostPost(ctx, await whoIs(instance, 'rita'), { postId: stays.id })
  await publishPost(ctx, await whoIs(instance, 'rita'), { text: secret('answer to a local-only post', here), replyToId: stays.id })
  await uploadImage(ctx, author, { bytes: await jpegOf(210, 100), alt: secret('alt text of a picture that waits') })
  // What is begun, and what waits for its time, is its author's alone.
  const begun = {
    warning: secret('warning of a draft', ['alice']),
    visibility: 'public',
    language: null,
    isSensitive: false,
    isLocalOnly: false,
    isMarkdown: false,
    poll: null,
    policies: {},
    replyToId: open.id,
    quoteId: null,
    publishAt: ctx.clock.now() + 3_600_000
  } as const
  const inDraft = await uploadImage(ctx, author, { bytes: await jpegOf(230, 100), alt: secret('alt text in a draft', ['alice']) })
  const begunParts = { ...begun, parts: [{ text: secret('text of a draft', ['alice']), media: [{ id: inDraft.id }] }] }
  const draft = await saveDraft(ctx, author, { key: 'begun', content: begunParts })
  const waiting = { ...begun, parts: [{ text: secret('text of a scheduled post', ['alice']), media: [] }] }
  const timed = await scheduleDraft(ctx, author, { key: 'timed', content: waiting })

  // What few may see is quoted where everybody reads, and what alice agreed to has an address below her post.
  const quoting = await publishPost(ctx, await whoIs(instance, 'rita'), { text: 'A public quote by rita', quoteId: open.id })
  await ctx.transact((tx) => tx.update(quotes).set({ quotedId: among.id, quotedUri: among.uri }).where(eq(quotes.postId, quoting.id)))
  const [agreed] = await ctx.db.select().from(interactions).where(eq(interactions.fromId, quoting.authorId))
  const closed = await publishPost(ctx, author, { text: 'Ask before you answer', visibility: 'public', policies: { canReply: 'ask' } })
  await publishPost(ctx, await whoIs(instance, 'rita'), {
    text: secret('followers-only reply that waits for approval', ['rita']),
    visibility: 'followers',
    replyToId: closed.id
  })

  // What one would rather not read, and whom one would rather not hear of, is nobody else's business.
  const list = await createList(ctx, author, { title: secret('title of a list', ['alice']) })
  const filterId = await createFilter(ctx, author, {
    title: secret('title of a filter', ['alice']),
    action: 'warn',
    places: ['home'],
    keywords: [{ keyword: secret('word of a filter', ['alice']), isWholeWord: true }],
    postId: open.id
  })
  await hideDomain(ctx, author, { domain: `${secret('server hidden by one person', ['alice']).split(' ')[1]}.test` })

  const kept = await keepThings(instance, author, secret)
  markers.push(...kept.markers)

  // Blocks, in both directions.
  const others = (...gone: string[]) =>
    ['anonymous', 'alice', 'rita', 'stranger', 'follower', 'moderator', 'peer', 'peer-stranger', 'peer-follower', 'peer-recipient'].filter(
      (name) => !gone.includes(name)
    )
  const blocking = await publishPost(ctx, await whoIs(instance, 'blake'), {
    text: secret('post of somebody who blocks the stranger', others('stranger', 'peer-stranger'))
  })
  const blocked = await publishPost(ctx, await whoIs(instance, 'bruno'), {
    text: secret('post of somebody whom the stranger blocks', others('stranger'))
  })
  const [pest] = await ctx.db.select().from(accounts).where(eq(accounts.uri, peerStranger.uri))
  await ctx.transact(async (tx) => {
    for (const [from, to] of [
      [blake.account, stranger.account],
      [stranger.account, bruno.account],
      [blake.account, pest!]
    ] as const) {
      const id = tx.newId()
      await tx.insert(blocks).values({ id, accountId: from.id, targetId: to.id, uri: `${from.uri}#block-${id}`, createdAt: tx.now })
    }
  })

  const { penny, suspended, reportId } = await moderateThings(instance, secret, open.id)
  const stored = await storedSecrets(instance.ctx)
  markers.push(...stored.markers)
  searches.push(...stored.searches)

  const pictures = await ctx.db.select({ key: media.key, id: media.id }).from(media)
  const written = await ctx.db
    .select({ post: posts, author: accounts })
    .from(posts)
    .innerJoin(accounts, eq(accounts.id, posts.authorId))
    .where(and(isNotNull(posts.source)))
  const sessionRows = await ctx.db.select({ id: sessions.id }).from(sessions).where(eq(sessions.accountId, alice.account.id))
  const postIds = [among, open, direct, answer, deleted, stays, blocking, blocked, suspended].map(({ id }) => String(id))
  const ownHandles = ['alice', 'rita', 'blake', 'bruno', 'sid', 'penny', 'moderator']
  return {
    instance,
    markers,
    searches,
    viewers: [
      guestViewer(instance),
      await personViewer(instance, 'stranger'),
      await personViewer(instance, 'follower'),
      await personViewer(instance, 'moderator'),
      await personViewer(instance, 'alice'),
      await personViewer(instance, 'rita'),
      appViewer(instance, 'app of alice', kept.token),
      peerViewer(instance, 'peer'),
      peerViewer(instance, 'peer-stranger', peerStranger),
      peerViewer(instance, 'peer-follower', peerFollower),
      peerViewer(instance, 'peer-recipient', peerRecipient)
    ],
    values: {
      names: [...ownHandles, 'nobody'],
      handles: [...ownHandles, 'follower', 'fred@peer.test', 'nobody'],
      authored: [
        ...written.map(({ post, author: by }) => ({ name: by.name, handle: by.name, id: String(post.id) })),
        // Through somebody else's address, and through an address that is nobody's.
        ...[among, direct, stays].flatMap(({ id }) => ['stranger', 'nobody'].map((name) => ({ name, handle: name, id: String(id) })))
      ],
      ids: [
        ...postIds,
        ...[alice, sid, bruno, penny].map(({ account }) => String(account.id)),
        String(reportId),
        String(filterId),
        String(list.id),
        String(draft.id),
        String(timed.id),
        ...kept.ids.map(String),
        String(agreed?.id),
        String(sessionRows[0]!.id),
        String(pictures[0]!.id),
        '1',
        'x'
      ],
      authorizations: [String(agreed?.id), String(open.id), '1', 'x'],
      keys: [...pictures.map(({ key }) => key), 'nothing-of-that-name-here'],
      tags: ['harbour', tag, tag.slice(0, 8)],
      tokens: ['0'.repeat(43)],
      domains: ['cut.test', 'peer.test', 'nowhere.test']
    }
  }
}
