import assert from 'node:assert/strict'
import { test } from 'node:test'
import { and, desc, eq, isNull } from 'drizzle-orm'
import { posts } from '#db/schema/posts.ts'
import { write } from '#test/federation/acts.ts'
import { startInstance } from '#test/helpers/instance.ts'

/** The value that a select of a page stands on. */
function chosenIn(page: string, name: string): string | undefined {
  const select = new RegExp(`<select[^>]*name="${name}"[^>]*>([\\s\\S]*?)</select>`).exec(page)?.[1] ?? ''
  return /<option value="([^"]*)" selected>/.exec(select)?.[1]
}

const isChecked = (page: string, name: string) => new RegExp(`<input type="checkbox"[^>]*name="${name}"[^>]* checked`).test(page)

test('new posts begin as the settings say: visibility, language, Markdown, hidden pictures', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const before = await ana.page('/settings/posting')
  assert.deepEqual([chosenIn(before, 'visibility'), chosenIn(before, 'language'), isChecked(before, 'markdown')], ['last', '', false])
  const settings = {
    visibility: 'unlisted',
    language: 'de',
    markdown: 'yes',
    sensitive: 'yes',
    canQuote: 'everybody',
    canReply: 'everybody'
  }
  assert.equal((await ana.submit('/settings/posting', settings)).statusCode, 303)
  for (const path of ['/settings/posting', '/home']) {
    const page = await ana.page(path)
    assert.deepEqual([chosenIn(page, 'visibility'), chosenIn(page, 'language')], ['unlisted', 'de'], path)
    assert.deepEqual([isChecked(page, 'markdown'), isChecked(page, 'sensitive')], [true, true], path)
  }
  assert.equal((await ana.submit('/settings/posting', { ...settings, language: 'not a language' })).statusCode, 422)
  assert.equal((await ana.submit('/settings/posting', { ...settings, visibility: 'everybody' })).statusCode, 422)
})

test('new posts begin with the last choice until settings say otherwise, and a reply does not change it', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const open = await write(instance, 'ben', 'open')
  assert.equal(chosenIn(await ana.page('/settings/posting'), 'visibility'), 'last')
  assert.equal(chosenIn(await ana.page('/home'), 'visibility'), 'public')
  await ana.submit('/posts', { text: 'for some', visibility: 'followers' })
  assert.equal(chosenIn(await ana.page('/home'), 'visibility'), 'followers')
  await ana.submit('/posts', { text: 'for all', visibility: 'public', replyTo: String(open.id) })
  assert.equal(chosenIn(await ana.page('/home'), 'visibility'), 'followers')
  const settings = { visibility: 'public', language: '', canQuote: 'everybody', canReply: 'everybody' }
  await ana.submit('/settings/posting', settings)
  assert.equal(chosenIn(await ana.page('/home'), 'visibility'), 'public')
  await ana.submit('/posts', { text: 'for some again', visibility: 'followers' })
  assert.equal(chosenIn(await ana.page('/home'), 'visibility'), 'public')
  assert.equal((await ana.submit('/settings/posting', { ...settings, visibility: 'last' })).statusCode, 303)
  assert.equal(chosenIn(await ana.page('/settings/posting'), 'visibility'), 'last')
  assert.equal(chosenIn(await ana.page('/home'), 'visibility'), 'public', 'what was chosen before that was asked for is not dug out')
})

test('a reply begins no wider than what it answers', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  const quiet = await write(instance, 'ben', 'quiet', 'unlisted')
  const page = await ana.page(`/@ben/${quiet.id}?reply`)
  assert.equal(chosenIn(page, 'visibility'), 'unlisted')
})

test('a post that stays here and one in Markdown are written by their boxes, and an edit keeps both', async (t) => {
  const instance = await startInstance(t)
  const ana = await instance.as('ana')
  await ana.submit('/posts', { text: '**stays**', visibility: 'public', localOnly: 'yes', markdown: 'yes', sensitive: 'yes' })
  const own = and(eq(posts.authorId, ana.account.id), isNull(posts.boostOfId))
  const [post] = await instance.ctx.db.select().from(posts).where(own).orderBy(desc(posts.id))
  assert.deepEqual([post?.isLocalOnly, post?.isMarkdown, post?.isSensitive], [true, true, true])
  assert.equal(post?.html, '<p><strong>stays</strong></p>')
  const page = await ana.page(`/@ana/${post?.id}`)
  assert.match(page, /Only on this server/)
  const editor = await ana.page(`/posts/${post?.id}/edit`)
  assert.equal(isChecked(editor, 'markdown'), true)
  assert.doesNotMatch(editor, /name="localOnly"/)
  await ana.submit(`/posts/${post?.id}/edit`, { text: '**stays** so', markdown: 'yes' })
  const [edited] = await instance.ctx.db.select().from(posts).where(eq(posts.id, post!.id))
  assert.deepEqual([edited?.isLocalOnly, edited?.html], [true, '<p><strong>stays</strong> so</p>'])
  assert.match(await ana.page(`/@ana/${post?.id}?reply`), /name="localOnly"[^>]* checked/)
})
