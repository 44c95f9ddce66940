import { until } from '#test/flows/processes.ts'
import type { Bots } from '#test/interop/bots/server.ts'
import { type Matrix, NotTheirs } from '#test/interop/matrix.ts'
import type { SkerryPerson } from '#test/interop/skerry.ts'

const everybody = 'https://www.w3.org/ns/activitystreams#Public'
const out = 'Skerry → robots'
const back = 'robots → Skerry'

/** What people and a robot of activitypub.bot do with each other; the robot has no likes of its own, so that it is told each step. */
export async function meetRobots({ matrix, bots, ada }: { matrix: Matrix; bots: Bots; ada: SkerryPerson }): Promise<void> {
  const at = (address: string) => ({ at: address })
  const say = async (words: string, more: Record<string, unknown> = {}) => {
    const { id } = await bots.call<{ id: string }>('sendNote', words, { to: everybody, cc: `${bots.uri}/followers`, ...more })
    return id
  }

  await matrix.check('resolve a handle', out, () => ada.reads(`/search?q=${encodeURIComponent(bots.handle)}`, /@robin@robots\.example/))
  await matrix.check('resolve a handle', back, async () => {
    const found = await bots.call<string>('toActorId', ada.handle.slice(1))
    if (found !== ada.uri) throw new Error(`It found ${found}.`)
  })
  await matrix.check('follow, accept', out, () => ada.follow({ handle: bots.handle }))
  await matrix.check('follow, accept', back, async () => {
    await bots.call('followActor', at(ada.uri))
    await ada.reads(`/@${ada.name}/followers`, /@robin@robots\.example/)
    await until('the Accept to be taken', () => bots.call<boolean>('isFollowing', at(ada.uri)))
  })

  const ours = await ada.post('The lamp is lit')
  await matrix.check('public post', out, async () => {
    await bots.hears('Create', 'The lamp is lit')
  })
  const theirs = await say('One hundred and one')
  await matrix.check('public post', back, async () => {
    await ada.sees('/home', 'One hundred and one')
  })
  await matrix.check('mention', out, async () => {
    await ada.post(`${bots.handle} do you count?`)
    await bots.hears('Create', 'do you count?')
  })
  await matrix.check('mention', back, async () => {
    await say(`${ada.handle} I do count`, { to: [everybody, ada.uri] })
    await ada.reads('/notifications', /I do count/)
  })
  await matrix.check('direct post', out, async () => {
    await ada.submit('/posts', { text: `${bots.handle} between us`, visibility: 'direct' })
    await bots.hears('Create', 'between us')
  })
  await matrix.check('direct post', back, async () => {
    throw new NotTheirs('it names a note by its id, and gives one that is not for everybody to nobody but its reader')
  })
  await matrix.check('reply', out, async () => {
    const { id } = await ada.sees('/home', 'One hundred and one')
    await ada.post(`${bots.handle} And then?`, { replyTo: id })
    const create = await bots.hears('Create', 'And then?')
    if (!JSON.stringify(create).includes(theirs)) throw new Error(`It answers nothing: ${JSON.stringify(create).slice(0, 600)}`)
  })
  await matrix.check('reply', back, async () => {
    await bots.call('sendReply', 'One hundred and two', at(ours.uri))
    await ada.reads(new URL(ours.uri).pathname, /One hundred and two/)
  })

  await matrix.check('like', out, async () => {
    const { id } = await ada.sees('/home', 'One hundred and one')
    await ada.submit(`/posts/${id}/favourite`)
    await bots.hears('Like', theirs)
    await ada.submit(`/posts/${id}/unfavourite`)
    await bots.hears('Undo', theirs)
    return 'and taken back'
  })
  await matrix.check('like', back, async () => {
    await bots.call('likeObject', at(ours.uri))
    await ada.reads('/notifications', /favourited your post.*The lamp is lit/)
    await bots.call('unlikeObject', at(ours.uri))
    await ada.misses('/notifications', /favourited your post.*The lamp is lit/)
    return 'and taken back'
  })
  await matrix.check('boost', out, async () => {
    const { id } = await ada.sees('/home', 'One hundred and one')
    await ada.submit(`/posts/${id}/boost`)
    await bots.hears('Announce', theirs)
  })
  await matrix.check('boost', back, async () => {
    await bots.call('announceObject', at(ours.uri))
    await ada.reads('/notifications', /boosted your post.*The lamp is lit/)
  })

  await matrix.check('edit', out, async () => {
    await ada.submit(`/posts/${ours.id}/edit`, { text: 'The lamp burns low' })
    await bots.hears('Update', 'The lamp burns low')
  })
  await matrix.check('edit', back, async () => {
    const id = await say('A miscount')
    await ada.sees('/home', 'A miscount')
    await bots.call('updateNote', at(id), '<p>A recount</p>')
    await ada.sees('/home', 'A recount')
    return 'without a word of when'
  })
  await matrix.check('delete', out, async () => {
    await ada.submit(`/posts/${ours.id}/delete`)
    await bots.hears('Delete', ours.uri)
  })
  await matrix.check('delete', back, async () => {
    // Its own deleteNote tells of a Tombstone whose date the older vocabulary cannot write.
    await bots.call('doActivity', { type: 'Delete', object: theirs, to: everybody, cc: `${bots.uri}/followers` })
    await ada.misses('/home', /One hundred and one/)
  })

  await matrix.check('unfollow', back, async () => {
    await bots.call('unfollowActor', at(ada.uri))
    await ada.misses(`/@${ada.name}/followers`, /@robin@robots\.example/)
  })
  await matrix.check('block', back, async () => {
    throw new NotTheirs('it keeps its blocks to itself')
  })
  await matrix.check('block', out, async () => {
    await ada.pressBeside(bots.handle, 'block')
    await bots.hears('Block', ada.uri)
  })
  await matrix.check('quote, poll', back, async () => {
    throw new NotTheirs('it writes notes alone')
  })
}
