import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followAccount } from '#server/follows/follow-account.ts'
import { uploadImage } from '#server/media/upload-image.ts'
import { boostPost, unboostPost } from '#server/posts/boost-post.ts'
import { editPost } from '#server/posts/edit-post.ts'
import { favouritePost, unfavouritePost } from '#server/posts/favourite-post.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { write } from '#test/federation/acts.ts'
import { startWorld } from '#test/federation/attack-world.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { jpegOf } from '#test/media/pictures.ts'

type Json = Record<string, unknown>

const isUrl = (value: unknown) => typeof value === 'string' && URL.canParse(value)
const isUrlList = (value: unknown) => Array.isArray(value) && value.every(isUrl)
const isText = (value: unknown) => typeof value === 'string' && value !== ''
const isWritten = (value: unknown) => isText(value) && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(String(value))
const isAbsentOr = (rule: (value: unknown) => boolean) => (value: unknown) => value === undefined || rule(value)
const isOf = (type: string) => (value: unknown) => typeof value === 'object' && value !== null && (value as Json).type === type

type Rules = Record<string, (value: unknown) => boolean>

/** What servers that read documents into fixed shapes (Lemmy, PeerTube, Pixelfed, BookWyrm, Mbin, NodeBB) ask of all of them. */
const ofActivity: Rules = { id: isUrl, type: isText, actor: isUrl, to: isUrlList, cc: isAbsentOr(isUrlList), audience: isAbsentOr(isUrl) }

const isFollow = (value: unknown) => isOf('Follow')(value) && ['id', 'actor', 'object'].every((name) => isUrl((value as Json)[name]))

const ofKinds: Record<string, Rules> = {
  Accept: { object: isFollow },
  Follow: { object: isUrl },
  Like: { object: isUrl, content: isAbsentOr(isText) },
  Announce: { object: isUrl, published: isWritten },
  Create: { object: isOf('Note'), published: isWritten },
  Update: { object: (value) => isOf('Note')(value) || isOf('Person')(value) },
  Delete: { object: (value) => isOf('Tombstone')(value) || isUrl(value) },
  Undo: { object: (value) => typeof value === 'object' && value !== null && isUrl((value as Json).id) && isUrl((value as Json).actor) }
}

const ofNote: Rules = {
  id: isUrl,
  url: isUrl,
  attributedTo: isUrl,
  content: isText,
  to: isUrlList,
  cc: isUrlList,
  published: isWritten,
  updated: isAbsentOr(isWritten),
  inReplyTo: isAbsentOr(isUrl),
  audience: isAbsentOr(isUrl),
  context: isAbsentOr(isUrl),
  sensitive: (value) => typeof value === 'boolean',
  summary: isAbsentOr(isText),
  name: (value) => value === undefined,
  // A single one is a list too.
  tag: (value) => Array.isArray(value) && value.every((one: Json) => isUrl(one.href) && isText(one.name)),
  attachment: (value) =>
    Array.isArray(value) &&
    value.every(
      (one: Json) =>
        one.type === 'Document' &&
        isUrl(one.url) &&
        isText(one.mediaType) &&
        isAbsentOr(isText)(one.name) &&
        [one.width, one.height].every((side) => Number.isInteger(side) && Number(side) > 0 && Number(side) <= 5_000)
    )
}

const ofPerson: Rules = {
  preferredUsername: (value) => /^[\w.:-]+$/.test(String(value)),
  name: isText,
  inbox: isUrl,
  outbox: isUrl,
  followers: isUrl,
  following: isUrl,
  url: isUrl,
  publicKey: (value) => String((value as Json).publicKeyPem).startsWith('-----BEGIN PUBLIC KEY-----') && isUrl((value as Json).owner),
  icon: isAbsentOr(isOf('Image')),
  manuallyApprovesFollowers: (value) => typeof value === 'boolean'
}

function faultsOf(document: Json, rules: Rules): string[] {
  const wrong = Object.entries(rules).filter(([name, rule]) => !rule(document[name]))
  return wrong.map(([name]) => `${String(document.type)} ${name}: ${JSON.stringify(document[name])}`)
}

function faultsOfTold(activity: Json): string[] {
  const type = String(activity.type)
  const { object } = activity
  return [
    ...faultsOf(activity, { ...ofActivity, ...ofKinds[type] }),
    ...(type in ofKinds ? [] : [`no rules for ${type}`]),
    ...(isOf('Note')(object) ? faultsOf(object as Json, ofNote) : []),
    ...(isOf('Person')(object) ? faultsOf(object as Json, ofPerson) : [])
  ]
}

test('What our people do goes out in the one shape that servers of fixed shapes can read', async (t) => {
  const world = await startWorld(t)
  const { instance, a } = world
  const { ctx } = instance
  const group = await world.servers.b.actor('tides', { type: 'Group' })
  await world.knowing(group, a)
  const who = await whoIs(instance, 'alice')
  for (const actor of [group, a]) {
    const { id } = (await world.accountAt(actor.uri))!
    const follow = await followAccount(ctx, who, { accountId: id })
    await instance.runJobs()
    await actor.send(actor.activity('Accept', follow.uri))
    await actor.send(actor.activity('Follow', who.account.uri))
  }
  const asked = a.note('which tide?', { audience: group.uri })
  await a.send(a.activity('Create', asked))
  await instance.runJobs()
  const question = (await world.postAt(asked.id))!

  const picture = await uploadImage(ctx, who, { bytes: await jpegOf(300, 200) })
  const post = await publishPost(ctx, who, { text: '@tides@b.test look #sea', warning: 'wet', media: [{ id: picture.id, alt: 'waves' }] })
  await editPost(ctx, who, { postId: post.id, text: '@tides@b.test look again', warning: '', isSensitive: false })
  const answer = await write(instance, 'alice', 'the high one', 'public', { replyToId: question.id })
  await write(instance, 'alice', `@${a.handle} for you`, 'direct')
  await write(instance, 'alice', 'for those who follow', 'followers')
  await favouritePost(ctx, who, { postId: question.id })
  await boostPost(ctx, who, { postId: question.id })
  await instance.runJobs()
  await unfavouritePost(ctx, who, { postId: question.id })
  await unboostPost(ctx, who, { postId: question.id })
  await world.alice.submit(`/posts/${answer.id}/delete`)
  await world.alice.submit('/settings/profile', { displayName: 'Alice', bio: 'by the sea' })
  await world.alice.submit(`/accounts/${(await world.accountAt(a.uri))!.id}/unfollow`)
  await instance.runJobs()

  const told = [...world.servers.a.received, ...world.servers.b.received].map(({ activity }) => activity as Json)
  const kinds = new Set(told.map(({ type }) => type))
  assert.deepEqual([...kinds].sort(), ['Accept', 'Announce', 'Create', 'Delete', 'Follow', 'Like', 'Undo', 'Update'])
  assert.deepEqual(told.flatMap(faultsOfTold), [])
  // Pixelfed takes for a message what names one person and nobody else, Lemmy what names exactly one.
  const message = told.find(({ object }) => isOf('Note')(object) && String((object as Json).content).includes('for you'))?.object as Json
  assert.deepEqual([message.to, message.cc], [[a.uri], []])
})
