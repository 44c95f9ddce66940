import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getTableName, is, like, sql } from 'drizzle-orm'
import type { Transact, Tx } from '#db/reader.ts'
import * as schema from '#db/schema/all.ts'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { PgTable } from 'drizzle-orm/pg-core'
import { follows } from '#db/schema/follows.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import type { Context } from '#server/context.ts'
import { askFollowsAgain } from '#server/follows/ask-again.ts'
import { takeChallenge } from '#server/sign-in/passkey-challenges.ts'
import { startStep } from '#server/sign-in/second-step.ts'
import { ask } from '#test/apps/app-world.ts'
import { letIn } from '#test/apps/let-in.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { writeLocalTime } from '#server/platform/zoned-time.ts'
import { testPassword } from '#test/helpers/people.ts'
import { remote } from '#test/helpers/remote.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { pictureOf } from '#test/web/world.ts'

class Rollback extends Error {}

const tables = Object.values(schema)
  .filter((each) => is(each, SQLiteTable) || is(each, PgTable))
  .map((table) => getTableName(table as SQLiteTable))
  .sort()

/** Everything the database holds, table by table. */
async function dump({ db }: Pick<Context, 'db'>): Promise<Map<string, string>> {
  const held = new Map<string, string>()
  for (const name of tables) {
    const rows = await db.rows(sql`select * from ${sql.identifier(name)}`)
    held.set(
      name,
      rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join('\n')
    )
  }
  return held
}

/** Every transaction runs twice: first to its end and rolled back, after which nothing may have changed; then for good. */
function rollBackFirst({ ctx }: Instance): { rolledBack: number; written: Set<string> } {
  const seen = { rolledBack: 0, written: new Set<string>() }
  const { transact } = ctx
  let turn: Promise<unknown> = Promise.resolve()
  const twice: Transact = (body) => {
    const run = turn.then(async () => {
      const before = await dump(ctx)
      const rehearsal = transact(async (tx: Tx) => {
        await body(tx)
        throw new Rollback()
      })
      // A body that refuses rolls itself back, and refuses again below.
      await rehearsal.catch(() => undefined)
      const after = await dump(ctx)
      for (const name of tables) assert.equal(after.get(name), before.get(name), `${name} after a rollback`)
      seen.rolledBack++
      const value = await transact(body)
      const kept = await dump(ctx)
      for (const name of tables) if (kept.get(name) !== before.get(name)) seen.written.add(name)
      return value
    })
    turn = run.catch(() => undefined)
    return run
  }
  Object.assign(ctx, { transact: twice })
  return seen
}

async function idOf({ ctx }: Instance, words: string): Promise<number | undefined> {
  const [post] = await ctx.db
    .select({ id: schema.posts.id })
    .from(schema.posts)
    .where(like(schema.posts.html, `%${words}%`))
  return post?.id
}

test('whatever people, peers and moderators do, a rolled-back transaction leaves no trace, prepared writes included', async (t) => {
  const instance = await startInstance(t)
  const [ana, bob, ada] = [await instance.as('ana'), await instance.as('bob'), await instance.as('ada', { role: 'admin' })]
  const far = await remote(t, instance, 'far.test')
  const ben = await far.actor('ben')
  const seen = rollBackFirst(instance)

  await bob.submit(`/accounts/${ana.account.id}/follow`)
  const posted = await ana.submit('/posts', {
    text: 'Low tide, @bob! #tide',
    warning: 'weather',
    visibility: 'public',
    idempotencyKey: 'one'
  })
  const id = /post-(\d+)/.exec(String(posted.headers.location))?.[1] ?? ''
  for (const act of ['boost', 'favourite', 'bookmark']) await bob.submit(`/posts/${id}/${act}`)
  for (const emoji of ['👍', '🎉']) await bob.submit(`/posts/${id}/react`, { emoji })
  await bob.submit(`/posts/${id}/unreact`, { emoji: '🎉' })
  await bob.submit('/posts', { text: '@ana I come too', visibility: 'unlisted', replyTo: id })
  await ana.submit(`/posts/${id}/edit`, { text: 'Low tide at noon, @bob! #tide #crabs', warning: '' })
  await bob.submit(`/posts/${id}/report`, { category: 'other', comment: 'just a test', postIds: id })

  const asked = await ana.submit('/posts', {
    text: 'Which?',
    visibility: 'public',
    pollOption1: 'red',
    pollOption2: 'blue',
    pollChoice: 'many',
    pollEnds: '3600',
    idempotencyKey: 'two'
  })
  const pollId = /post-(\d+)/.exec(String(asked.headers.location))?.[1] ?? ''
  await bob.submit(`/posts/${pollId}/vote`, { choice: ['0', '1'] })
  const vote = { type: 'Note', id: `${ben.uri}#votes/1`, name: 'red', attributedTo: ben.uri, inReplyTo: `${ana.account.uri}/${pollId}` }
  await ben.send(ben.activity('Create', vote))
  const question = ben.note('and yours?', { type: 'Question', oneOf: [{ name: 'yes' }, { name: 'no' }] })
  await ben.send(ben.activity('Create', question))
  const [questionId] = await instance.ctx.db.rows(sql`select id from posts where uri = ${question.id}`)
  await bob.submit(`/posts/${Number(questionId?.id)}/vote`, { choice: '1' })
  await ben.send(ben.activity('Update', { ...question, oneOf: [{ name: 'yes', replies: { totalItems: 3 } }, { name: 'no' }] }))
  instance.clock.advance(3_700_000)
  await instance.runJobs()
  await ana.submit(`/posts/${pollId}/edit`, {
    text: 'Which?',
    pollOption1: 'red',
    pollOption2: 'green',
    pollChoice: 'one',
    pollEnds: '3600'
  })
  await ana.submit(`/posts/${pollId}/delete`)

  const later = { text: 'Not yet', text2: 'nor this', images: pictureOf('a.png'), idempotencyKey: 'later' }
  const kept = await ana.submit('/posts', { ...later, publishAt: writeLocalTime(instance.clock.now() + 3_600_000, 'UTC') })
  await ana.submit(String(kept.headers.location), {})
  instance.clock.advance(3_700_000)
  await instance.runJobs()
  await ana.submit(`/posts/${await idOf(instance, 'nor this')}/redraft`)
  await ana.submit('/posts', { text: 'Never', saveDraft: 'yes', idempotencyKey: 'never' })
  const [never] = await instance.ctx.db.select().from(schema.drafts).where(like(schema.drafts.key, 'never'))
  await ana.submit(`/drafts/${never?.id}/delete`)

  await ana.submit(`/posts/${id}/pin`)
  await ana.submit(`/posts/${id}/unpin`)
  await ana.submit('/settings/moving/aliases', { alias: ben.uri })
  const next = await far.actor('next', { alsoKnownAs: [ben.uri, bob.account.uri], featured: `${far.origin}/users/next/featured` })
  await ana.submit(`/accounts/${(await findAccountByUri(instance.ctx.db, ben.uri))?.id}/follow`)
  await instance.runJobs()
  await instance.ctx.transact((tx) => tx.update(follows).set({ state: 'accepted' }))
  await ben.send(ben.activity('Move', ben.uri, { target: next.uri }))
  await instance.runJobs()
  await ana.page(`/@${next.handle}`)
  await next.send(next.activity('Add', next.note('first of all').id, { target: `${far.origin}/users/next/featured` }))
  await bob.submit('/settings/moving/move', { target: next.uri, password: testPassword })
  await bob.submit('/settings/moving/back')
  instance.clock.advance(2 * 24 * 3_600_000)
  await askFollowsAgain(instance.ctx)
  await next.rotateKeys()
  await instance.ctx.fediverse.refreshAccount((await findAccountByUri(instance.ctx.db, next.uri))?.id ?? 0)
  await instance.runJobs()

  await ana.submit('/settings/privacy', { listsFollows: 'yes' })
  const part = `${far.origin}/part`
  far.documents.set('/part', {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: part,
    type: 'OrderedCollection',
    orderedItems: [bob.account.uri]
  })
  const synchronization = `collectionId="${next.uri}/followers", url="${part}", digest="${'f'.repeat(64)}"`
  await next.send(next.activity('Create', next.note('for my followers')), { extra: { 'collection-synchronization': synchronization } })
  await instance.runJobs()

  const note = ben.note('a word from afar <a href="https://far.test/tags/sea" rel="tag">#sea</a>')
  await ben.send(ben.activity('Follow', ana.account.uri))
  await ben.send(ben.activity('Create', note))
  await instance.runJobs()
  const uri = `${ana.account.uri}/${id}`
  await ben.send(ben.activity('Like', uri))
  await ben.send(ben.activity('Announce', uri, { to: note.to }))
  await ben.send(
    ben.activity('Update', { ...note, content: '<p>another word</p>', updated: new Date(instance.clock.now() + 1_000).toISOString() })
  )
  await ben.send(ben.activity('Delete', note.id))
  await instance.runJobs()

  const group = await far.actor('tides', { type: 'Group' })
  const page = ben.note('from a community', { type: 'Page', audience: group.uri, to: [...(note.to as string[]), group.uri] })
  const ban = ben.activity('Block', bob.account.uri, { target: group.uri })
  const vote2 = ben.activity('Like', page.id)
  for (const act of [ben.activity('Create', page), vote2, ben.activity('Undo', vote2), vote2, ban, ben.activity('Undo', ban), ban]) {
    await group.send(group.activity('Announce', act))
    await instance.runJobs()
  }
  await ben.send(ben.activity('Create', ben.note('I answer', { inReplyTo: uri })))
  await ada.submit('/admin/relays', { url: 'https://far.test/inbox' })
  const relay = await far.actor('relay', { type: 'Application' })
  const [asking] = await instance.ctx.db.rows(sql`select id, follow_uri from relays`)
  await relay.send(relay.activity('Accept', asking?.follow_uri))
  await relay.send(relay.activity('Announce', ben.note('relayed').id))
  await instance.runJobs()
  const blob = { type: 'Emoji', name: ':blob:', icon: { type: 'Image', url: 'https://far.test/blob.png' } }
  const [reacted] = await instance.ctx.db.rows(sql`select uri from posts where id = ${Number(id)}`)
  await ben.send(ben.activity('EmojiReact', reacted?.uri, { content: ':blob:', tag: [blob] }))
  await ada.submit(`/admin/relays/${Number(asking?.id)}/removal`)
  await instance.runJobs()

  await ana.submit('/posts', {
    text: 'Ask first',
    visibility: 'public',
    canReply: 'ask',
    canLike: 'ask',
    canQuote: 'ask',
    idempotencyKey: 'asking'
  })
  const askingPost = `${ana.account.uri}/${await idOf(instance, 'Ask first')}`
  const waiting = ben.note('may I?', { inReplyTo: askingPost })
  await ben.send(ben.activity('Create', waiting))
  await ben.send(ben.activity('LikeRequest', askingPost, { instrument: ben.activity('Like', askingPost) }))
  await ben.send(ben.activity('QuoteRequest', askingPost, { instrument: ben.note('a quote', { quote: askingPost }) }))
  for (const act of ['approve', 'refuse', 'approve']) {
    const path = new RegExp(`/approvals/\\d+/${act}`).exec(await ana.page('/approvals'))?.[0] ?? ''
    await ana.submit(path)
  }
  await bob.submit('/posts', { text: 'so she said', visibility: 'public', quote: id, idempotencyKey: 'quoting' })
  await ana.submit(`/posts/${await idOf(instance, 'so she said')}/unquote`)
  await ana.submit('/settings/posting', { visibility: 'public', canQuote: 'followers', canReply: 'everybody' })
  await instance.runJobs()

  const filter = { title: 'Tides', action: 'hide', expires: 'never', 'place-home': 'yes' }
  await bob.submit('/settings/filters', { ...filter, keyword1: 'ebb', post: id, withPost: 'yes' })
  const filterId = /\/settings\/filters\/(\d+)"/.exec(await bob.page('/settings/filters'))?.[1] ?? ''
  await bob.submit(`/settings/filters/${filterId}`, { ...filter, expires: '3600000', keyword1: 'flood', removePost: id })
  await bob.submit(`/posts/${id}/filter`, { filter: filterId })
  await bob.submit(`/settings/filters/${filterId}/delete`)
  for (const act of ['mute-thread', 'unmute-thread']) await bob.submit(`/posts/${id}/${act}`)
  await bob.submit('/settings/servers', { domain: 'far.test' })
  await instance.runJobs()
  await bob.submit('/settings/servers/remove', { domain: 'far.test' })

  const listed = await bob.submit('/lists', { title: 'Tides' })
  const list = String(listed.headers.location).replace('/members', '')
  await bob.submit(`${list}/members/${ana.account.id}/add`)
  await bob.submit(`${list}/edit`, { title: 'Low tides', repliesPolicy: 'none', isExclusive: 'yes' })
  await bob.submit(`/accounts/${ana.account.id}/hide-replies`)
  await bob.submit('/tags/tide/follow')
  await bob.submit('/timelines/choices', { timeline: 'home', hideBoosts: 'yes' })
  await bob.submit('/home/read?upTo=9007199254740991')
  await bob.submit('/posts', { text: '@ana between us', visibility: 'direct', idempotencyKey: 'direct' })
  await ben.send(ben.activity('Create', ben.note('aside', { to: [ana.account.uri], cc: [] })))
  for (const act of ['read?upTo=9007199254740991', 'remove'])
    await ana.submit(`/conversations/${await idOf(instance, 'between us')}/${act}`)
  await bob.submit(`${list}/delete`)

  far.documents.set('/page', { type: 'text/html', body: '<title>Tides</title><meta property="og:image" content="/tide.png">' })
  await ana.submit('/posts', { text: 'See https://far.test/page', idempotencyKey: 'linking' })
  await ana.page('/home')
  await instance.runJobs()
  await ana.submit('/settings/privacy', { creditSites: 'far.test' })

  const brought = await ana.submit('/settings/import', { kind: 'follows', text: `nobody@far.test\n${next.handle}` })
  await instance.runJobs()
  await ana.submit(`${String(brought.headers.location)}/retry`)
  await ana.submit('/settings/import', { kind: 'servers', text: 'else.test' })
  await instance.runJobs()
  await ana.get('/welcome')
  await ada.submit('/admin/welcome', { text: 'Hello', handles: '@bob', tags: '#tide' })
  await ana.submit('/welcome/follows')

  // An app is let in, acts, and is removed.
  const { appId, token } = await letIn(instance.ctx, await whoIs(instance, 'ana'), 'Lantern')
  await ask(instance, '/api/v1/accounts/verify_credentials', token)
  await ana.submit(`/settings/apps/${appId}/remove`)

  await ana.submit('/settings/security/code-app/start')
  await ana.submit('/settings/security/recovery-codes', { password: testPassword })
  await instance.guest().submit('/sign-in', { login: 'ana', password: 'wrong password' })
  await instance.ctx.transact((tx) => takeChallenge(tx, 'a challenge'))
  await instance.ctx.transact((tx) => startStep(tx, ana.account.id, 'a step'))

  // What one keeps for oneself about others, and what one hears of them.
  await ana.submit(`/accounts/${bob.account.id}/note`, { note: 'met at the harbour' })
  await ana.submit('/settings/profile/tags', { tag: 'tide' })
  await ana.submit(`/accounts/${bob.account.id}/follow`)
  await ana.submit(`/accounts/${bob.account.id}/notify`)
  await ana.submit('/settings/notifications', { strangers: 'review', newcomers: 'show', directs: 'show', limited: 'ignore' })
  await ana.submit(`/notifications/senders/${bob.account.id}/admit`)
  await ana.submit(`/notifications/senders/${ada.account.id}/dismiss`)
  await ana.submit(`/explore/${ada.account.id}/dismissal`)
  await instance.ctx.transact((tx) =>
    tx.insert(schema.trends).values({ kind: 'tag', key: 'tide', score: 9, people: 3, posts: 4, firstAt: tx.now, seenAt: tx.now })
  )
  await ada.submit('/admin/trends/approval', { kind: 'tag', key: 'tide' })
  await ada.submit('/admin/trends', { mode: 'open' })
  await ana.submit('/settings/profile/tags/remove?tag=tide')
  await ada.submit('/admin/emoji', { shortcode: 'seal', category: 'Sea', alt: '', image: pictureOf('seal.png') })
  await ana.submit('/posts', { text: 'a :seal:' })
  const [seal] = await instance.ctx.db.select().from(schema.ownEmojis)
  await ana.submit(`/posts/${id}/react`, { emoji: ':seal@.:' })
  await ada.submit(`/admin/emoji/${seal!.id}`, { category: 'Land', alt: 'A seal' })
  await ada.submit(`/admin/emoji/${seal!.id}/off`)
  const foreign = {
    id: 1,
    host: 'remote.test',
    shortcode: 'blob',
    remoteUrl: 'https://remote.test/b.png',
    mediaId: 1,
    mediaKey: 'b'.repeat(22)
  }
  await instance.ctx.transact((tx) => tx.insert(schema.emojis).values({ ...foreign, createdAt: tx.now }))
  await ada.submit('/admin/emoji/elsewhere/1/block')
  await ada.submit(`/admin/emoji/${seal!.id}/removal`, { isConfirmed: 'yes' })

  for (const act of ['unboost', 'unfavourite', 'unbookmark']) await bob.submit(`/posts/${id}/${act}`)
  await bob.submit(`/accounts/${ana.account.id}/mute`)
  await bob.submit(`/accounts/${ana.account.id}/block`)
  await ana.submit('/notifications/read?upTo=9007199254740991')
  await ada.submit('/admin/domains', { domain: 'spam.test', severity: 'suspend', reason: 'spam' })
  await ada.submit(`/admin/accounts/${bob.account.id}/suspension`, { reason: 'a test' })
  await ada.submit('/admin/settings', { name: 'Another name', signUp: 'open', postCharactersMax: '500', timeZone: 'UTC' })
  await ana.submit(`/posts/${id}/delete`)
  await instance.runJobs()
  await ben.send(ben.activity('Follow', ana.account.uri))
  await instance.runJobs()
  await ada.submit('/admin/domains', { domain: 'far.test', severity: 'suspend', reason: 'a test' })
  await instance.runJobs()

  assert.ok(seen.rolledBack > 40, `${seen.rolledBack} transactions were tried`)
  for (const name of [
    'posts',
    'follows',
    'favourites',
    'bookmarks',
    'reactions',
    'reaction_counts',
    'emojis',
    'notifications',
    'post_tags',
    'post_mentions',
    'post_versions',
    'quotes',
    'interactions',
    'announced_votes',
    'code_apps',
    'recovery_codes',
    'sign_in_attempts',
    'sign_in_steps',
    'used_challenges',
    'community_bans',
    'relays',
    'filters',
    'filter_keywords',
    'filter_posts',
    'thread_mutes',
    'hidden_domains',
    'drafts',
    'polls',
    'poll_options',
    'poll_votes',
    'lists',
    'list_members',
    'followed_tags',
    'timeline_choices',
    'markers',
    'link_previews',
    'imports',
    'import_rows',
    'conversations',
    'account_notes',
    'featured_tags',
    'notification_senders',
    'severances',
    'dismissed_suggestions',
    'trends',
    'emojis',
    'own_emojis',
    'emoji_uses',
    'jobs'
  ]) {
    assert.ok(seen.written.has(name), `nothing was written to ${name}`)
  }
  for (const name of [
    'moves',
    'pins',
    'histories',
    'deliveries',
    'activities',
    'receipts',
    'blocks',
    'mutes',
    'domain_limits',
    'audit_entries',
    'reports',
    'accounts',
    'apps',
    'app_codes',
    'app_tokens',
    'peers'
  ]) {
    assert.ok(seen.written.has(name), `nothing was written to ${name}`)
  }
})
