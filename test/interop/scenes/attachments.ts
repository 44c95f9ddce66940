import sharp from 'sharp'
import { until } from '#test/flows/processes.ts'
import { textOf } from '#test/helpers/html.ts'
import { NotTheirs } from '#test/interop/matrix.ts'
import { back, expect, out, type World } from '#test/interop/scenes/world.ts'
import type { SnacStatus } from '#test/interop/snac.ts'

/** What hangs on posts: pictures with their descriptions, polls and votes, reactions with emoji. */
export async function attach({ matrix, skerry, snac, ada, sam }: World): Promise<void> {
  const png = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#2a6f97' } })
    .png()
    .toBuffer()

  await matrix.check('picture with a description', out, async () => {
    await ada.postImage('The lighthouse by day', png, 'A blue square')
    const { media_attachments: media } = await sam.sees('The lighthouse by day')
    expect(media[0]?.description === 'A blue square', 'The description should stand', media)
    const picture = await fetch(media[0]?.url ?? '')
    expect(picture.headers.get('content-type')?.startsWith('image/'), 'The picture should be served', `${picture.status} ${media[0]?.url}`)
  })
  await matrix.check('picture with a description', back, async () => {
    const { id } = await sam.upload(png, 'A picture of a goat')
    await sam.post('My best goat', { 'media_ids[]': id })
    const { html } = await ada.sees('/home', 'My best goat')
    expect(html.includes('A picture of a goat'), 'The description should stand', html)
    const path = /src="(\/media\/[^"]+\/preview|\/media\/[^"]+)"[^>]*alt="A picture of a goat"/.exec(html)?.[1]
    const picture = await fetch(`${skerry.origin}${path}`)
    expect(picture.headers.get('content-type')?.startsWith('image/'), 'Our copy should be served', `${picture.status} ${path} ${html}`)
  })

  await matrix.check('poll and vote', out, async () => {
    const poll = { pollOption1: 'Oars', pollOption2: 'Sails', pollChoice: 'one', pollEnds: '3600' }
    const post = await ada.post('How shall we travel?', poll)
    const there = await sam.sees('How shall we travel?')
    expect(there.poll?.options.map(({ title }) => title).join() === 'Oars,Sails', 'The choices should stand', there.poll)
    await sam.api('POST', `/v1/polls/${there.id}/votes`, { 'choices[]': '1' })
    await ada.reads(new URL(post.uri).pathname, /Sails.*100.*%/)
  })
  await matrix.check('poll and vote', back, async () => {
    await sam.submit('note', {
      content: 'Which goat leads?',
      visibility: 'public',
      poll_options: 'Old Tom\nYoung Ben',
      poll_multiple: 'off',
      poll_end_secs: '3600'
    })
    const { id } = await ada.sees('/home', 'Which goat leads?')
    await ada.submit(`/posts/${id}/vote`, { choice: '1' })
    await until('the vote at snac', async () => (await sam.sees('Which goat leads?')).poll?.options[1]?.votes_count === 1)
  })

  await matrix.check('reaction', back, async () => {
    const post = await ada.post('A cake for everybody')
    const { id } = await sam.sees('A cake for everybody')
    await sam.api('POST', `/v1/statuses/${id}/react/${encodeURIComponent('🍰')}`)
    await until('the reaction', async () => textOf(await ada.page(new URL(post.uri).pathname)).includes('🍰'))
  })

  await matrix.check('reaction', out, async () => {
    await sam.post('A cheese for everybody')
    const { id } = await ada.sees('/home', 'A cheese for everybody')
    await ada.submit(`/posts/${id}/react`, { emoji: '🧀' })
    await until('the reaction at snac', async () => /new '(EmojiReact|Like)'.*cheese|EmojiReact.*skerry\.example/.test(snac.output()))
  })

  await matrix.check('quote', out, async () => {
    const quoted = await ada.post('The light turns all night')
    await ada.page(`/posts?quote=${quoted.id}`)
    await ada.submit('/posts', { text: 'As I said before', visibility: 'public', quote: quoted.id })
    const { uri } = await sam.sees('As I said before')
    const document = await sam.run('request', uri)
    expect(document.includes(`"quoteUrl": "${quoted.uri}"`), 'The quoted post should be named', document)
    return 'snac gives nobody leave to quote it, so we quote our own'
  })
  await matrix.check('quote', back, async () => {
    throw new NotTheirs('snac shows quotes and does not write them')
  })

  await matrix.check('a long thread', back, async () => {
    const first = await sam.post('Goat story, part 1')
    let last: SnacStatus = first
    for (const part of [2, 3, 4]) last = await sam.post(`Goat story, part ${part}`, { in_reply_to_id: last.id })
    await ada.sees('/home', 'Goat story, part 4')
    const { uri } = await ada.sees('/home', 'Goat story, part 1')
    await ada.reads(new URL(uri).pathname, /part 1.*part 2.*part 3.*part 4/s)
  })
}
