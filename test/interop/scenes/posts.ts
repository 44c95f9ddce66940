import { until } from '#test/flows/processes.ts'
import { textOf } from '#test/helpers/html.ts'
import { back, expect, out, type World } from '#test/interop/scenes/world.ts'
import type { SnacStatus } from '#test/interop/snac.ts'

/** Posts of each audience, with what hangs on them, to followers and to people who are named. */
export async function write({ matrix, ada, bo, sam, kim }: World): Promise<void> {
  await matrix.check('public post', out, async () => {
    await ada.post('The tide is in at https://tide.example/now #harbour & <b>more</b>')
    const { content, visibility, uri } = await sam.sees('The tide is in')
    expect(visibility === 'public', 'It should be public', visibility)
    expect(/&lt;b&gt;more/.test(content) && /href="https:\/\/tide\.example\/now"/.test(content), 'Text and link should stand', content)
    return uri
  })
  await matrix.check('public post', back, async () => {
    await sam.post('The hills are *green* at https://hills.example/ #goats')
    const { html } = await ada.sees('/home', 'The hills are')
    expect(/href="https:\/\/hills\.example\/"/.test(html), 'The link should stand', html)
    await ada.sees('/tags/goats', 'The hills are')
  })

  for (const [name, ours, theirs] of [
    ['unlisted post', 'unlisted', 'unlisted'],
    ['post to followers', 'followers', 'private']
  ] as const) {
    await matrix.check(name, out, async () => {
      await ada.post(`For ${ours} eyes of the hills`, { visibility: ours })
      const { visibility } = await sam.sees(`For ${ours} eyes`)
      expect(visibility === theirs, `It should be ${theirs} at snac`, visibility)
    })
    await matrix.check(name, back, async () => {
      await sam.post(`For ${theirs} eyes of the island`, { visibility: theirs })
      await ada.sees('/home', `For ${theirs} eyes`)
      if (ours === 'followers') await missesPublicly(`${ada.uri.replace('@ada', '')}@sam@snac.example`, /For private eyes/)
    })
  }

  await matrix.check('content warning', out, async () => {
    await ada.post('Lighthouse burnt', { warning: 'News of fire' })
    const { spoiler_text: warning } = await sam.sees('Lighthouse burnt')
    expect(warning === 'News of fire', 'The warning should stand', warning)
  })
  await matrix.check('content warning', back, async () => {
    await sam.post('A goat fell', { spoiler_text: 'Sad news', sensitive: 'true' })
    const { html } = await ada.sees('/home', 'Sad news')
    expect(textOf(html).includes('A goat fell') && /<details/.test(html), 'The text should be folded away', html)
  })

  await matrix.check('mention of a stranger', out, async () => {
    await bo.post(`${sam.handle} have we met?`)
    const { account } = await sam.isTold('mention', 'have we met?')
    expect(account.acct === 'bo@skerry.example', 'It should be of Bo', account)
  })
  await matrix.check('mention of a stranger', back, async () => {
    await kim.post(`${ada.handle} hello over there`)
    await ada.reads('/notifications', /kim mentioned you.*hello over there/i)
  })

  await matrix.check('direct post', out, async () => {
    await bo.post(`${sam.handle} between us alone`, { visibility: 'direct' })
    const { status } = await sam.isTold('mention', 'between us alone')
    expect(status?.visibility === 'direct', 'It should be direct', status?.visibility)
  })
  await matrix.check('direct post', back, async () => {
    await kim.post(`${ada.handle} a secret of goats`, { visibility: 'direct' })
    await ada.reads('/notifications', /a secret of goats/)
    const { html } = await ada.sees('/notifications', 'a secret of goats')
    expect(/Direct/.test(textOf(html)), 'It should be marked as direct', textOf(html))
    await missesPublicly(`${ada.uri.replace('@ada', '')}@kim@snac.example`, /a secret of goats/)
  })
}

/** A page as somebody who is not signed in has it. */
async function missesPublicly(url: string, words: RegExp): Promise<void> {
  const shown = textOf(await (await fetch(url, { headers: { accept: 'text/html' } })).text())
  expect(!words.test(shown), `${url} should not show ${words} to everybody`, shown)
}

/** What people do with each other's posts. */
export async function answer({ matrix, snac, ada, sam, kim }: World): Promise<void> {
  const ours = await ada.post('Who keeps the light?')
  const theirs = await sam.post('Who counts the goats?')
  const oursThere = await sam.sees('Who keeps the light?')
  const theirsHere = await ada.sees('/home', 'Who counts the goats?')
  const countAt = async (id: string) => sam.api<SnacStatus>('GET', `/v1/statuses/${id}`)

  await matrix.check('reply', out, async () => {
    await ada.post(`${sam.handle} I count them.`, { replyTo: theirsHere.id })
    const { status } = await sam.isTold('mention', 'I count them.')
    expect(status?.in_reply_to_id === theirs.id, 'It should answer the post', status)
  })
  await matrix.check('reply', back, async () => {
    await sam.post(`${ada.handle} We keep it.`, { in_reply_to_id: oursThere.id })
    await ada.reads(new URL(ours.uri).pathname, /We keep it\./)
    await ada.reads('/notifications', /We keep it\./)
  })
  await matrix.check('reply seen in its thread by a third', back, async () => {
    const found = await kim.find<SnacStatus>('statuses', ours.uri)
    await kim.post(`${ada.handle} I heard of the light.`, { in_reply_to_id: found.id })
    await ada.reads(new URL(ours.uri).pathname, /I heard of the light\./)
  })

  await matrix.check('like', out, async () => {
    await ada.submit(`/posts/${theirsHere.id}/favourite`)
    await sam.isTold('favourite', 'Who counts the goats?')
  })
  await matrix.check('like', back, async () => {
    await sam.api('POST', `/v1/statuses/${oursThere.id}/favourite`)
    await ada.reads('/notifications', /favourited your post.*Who keeps the light/)
  })
  await matrix.check('take back a like', out, async () => {
    await ada.submit(`/posts/${theirsHere.id}/unfavourite`)
    await until('the like to be gone', async () => (await countAt(theirs.id)).favourites_count === 0)
  })
  await matrix.check('take back a like', back, async () => {
    await sam.api('POST', `/v1/statuses/${oursThere.id}/unfavourite`)
    await ada.misses('/notifications', /favourited your post.*Who keeps the light/)
  })

  await matrix.check('boost', out, async () => {
    await ada.submit(`/posts/${theirsHere.id}/boost`)
    await until('the boost to count', async () => (await countAt(theirs.id)).reblogs_count === 1)
  })
  await matrix.check('boost', back, async () => {
    await sam.run('boost', ours.uri)
    await ada.reads('/notifications', /boosted your post.*Who keeps the light/)
  })
  await matrix.check('take back a boost', out, async () => {
    await ada.submit(`/posts/${theirsHere.id}/unboost`)
    await until('snac to take note', async () => snac.output().includes(`Unboost for ${theirs.uri} 200`))
    return 'snac takes note and lets its count stand'
  })
  await matrix.check('take back a boost', back, async () => {
    await sam.run('unboost', ours.uri)
    await ada.misses('/notifications', /boosted your post.*Who keeps the light/)
  })
  await matrix.check('boost of a third one', out, async () => {
    const stranger = await kim.post('Kim was here first')
    await ada.page(`/search?q=${encodeURIComponent(stranger.uri)}`)
    const found = await ada.sees(`/search?q=${encodeURIComponent(stranger.uri)}`, 'Kim was here first')
    await ada.submit(`/posts/${found.id}/boost`)
    await until('the boost at snac', async () =>
      (await sam.home()).some((each) => (each.reblog ?? each).content.includes('Kim was here first'))
    )
  })
  await matrix.check('boost of a third one', back, async () => {
    const stranger = await kim.post('Kim was here again')
    await sam.run('boost', stranger.uri)
    await ada.sees('/home', 'Kim was here again')
  })

  await matrix.check('fetch a post by its address', out, async () => {
    const post = await kim.post('Found by its address')
    await ada.sees(`/search?q=${encodeURIComponent(post.uri)}`, 'Found by its address')
  })
  await matrix.check('fetch a post by its address', back, async () => {
    const post = await ada.post('Found by address alone', { visibility: 'unlisted' })
    const found = await kim.find<SnacStatus>('statuses', post.uri)
    expect(found.content.includes('Found by address alone'), 'It should be the post', found)
  })
}

/** What becomes of posts later. */
export async function change({ matrix, ada, sam }: World): Promise<void> {
  await matrix.check('edit', out, async () => {
    const post = await ada.post('A first draft of the log')
    await sam.sees('A first draft of the log')
    await ada.submit(`/posts/${post.id}/edit`, { text: 'The log as it stands' })
    await sam.sees('The log as it stands')
    const isOldThere = (await sam.home()).some((each) => each.content.includes('A first draft of the log'))
    expect(!isOldThere, 'The former text should be gone', 'both')
  })
  await matrix.check('edit', back, async () => {
    const post = await sam.post('A first count of goats')
    await ada.sees('/home', 'A first count of goats')
    await sam.api('PUT', `/v1/statuses/${post.id}`, { status: 'The last count of goats' })
    await ada.sees('/home', 'The last count of goats')
    await ada.misses('/home', /A first count of goats/)
  })
  await matrix.check('delete', out, async () => {
    const post = await ada.post('Soon swept away')
    await sam.sees('Soon swept away')
    await ada.submit(`/posts/${post.id}/delete`)
    await until('the post to be gone at snac', async () => !(await sam.home()).some((each) => each.content.includes('Soon swept away')))
  })
  await matrix.check('delete', back, async () => {
    const post = await sam.post('Soon eaten by goats')
    await ada.sees('/home', 'Soon eaten by goats')
    await sam.submit('action', { action: 'Delete', id: post.uri })
    await ada.misses('/home', /Soon eaten by goats/)
  })
}
