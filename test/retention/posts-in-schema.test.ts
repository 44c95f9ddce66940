// database: none
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as schema from '#db/schema/all.ts'

const root = join(import.meta.dirname, '../..')
const source = (path: string) => readFileSync(join(root, path), 'utf8')

/** Columns that name a post without a cascading key: what keeps them from naming one that retention forgot. */
const handled = new Map([
  ['posts.boostOfId', 'forget'],
  ['posts.replyToId', 'forget'],
  ['media.postId', 'forget'],
  ['notifications.postId', 'forget'],
  ['quotes.quotedId', 'forget'],
  ['interactions.postId', 'forget'],
  ['reportPosts.postId', 'A reported post is touched, and never forgotten.'],
  ['submissions.postId', 'Only posts of our own, which are never forgotten.'],
  ['filterPosts.postId', 'forget'],
  ['posts.threadId', 'The number of a thread, whether its first post is here or not.'],
  ['conversations.threadId', 'The same.'],
  ['threadMutes.threadId', 'The same.'],
  ['conversations.lastPostId', 'Put right by stepBackInConversations.'],
  ['drafts.replyToId', 'A draft is told, when it goes out, that what it answers is gone.'],
  ['drafts.quoteId', 'The same of what it quotes.'],
  ['threadPulls.threadId', 'The same.'],
  ['threadSources.postId', 'Rows of minutes; one whose post is not here is asked by the instance.'],
  ['threadPulls.anchorId', 'Whoever asks finds no thread, and goes by that of the pull.']
])

/** Tables whose rows outlive the text of a post, and why; or the function that takes them away. */
const outlives = new Map([
  ['postAudience', 'Its Delete must reach whom it reached.'],
  ['reach', 'The same; forgotten with the Delete.'],
  ['reachMisses', 'The same.'],
  ['threadSources', 'Rows of minutes, which go with their pull.'],
  ['reportPosts', 'Moderators see that it is gone.'],
  ['submissions', 'A form that is sent twice makes no second post.'],
  ['polls', 'removePoll'],
  ['pollOptions', 'removePoll'],
  ['pollVotes', 'removePoll'],
  ['reactions', 'removeReactionsOfPost'],
  ['reactionCounts', 'removeReactionsOfPost'],
  ['media', 'removeMediaOfPost']
])

const namesPost = new Set(['postId', 'boostOfId', 'replyToId', 'threadId', 'anchorId', 'quotedId', 'quoteId', 'lastPostId'])

const tables = Object.entries(schema).flatMap(([name, table]) => (is(table, SQLiteTable) ? [{ name, table }] : []))

test('every column that names a post goes with the post, or is put right when retention forgets it', () => {
  const forget = source('server/retention/forget-posts.ts')
  for (const { name, table } of tables) {
    const { foreignKeys } = getTableConfig(table)
    const cascading = foreignKeys
      .filter((key) => key.onDelete === 'cascade' && key.reference().foreignTable === schema.posts)
      .flatMap((key) => key.reference().columns)
    for (const [column, definition] of Object.entries(table)) {
      if (!namesPost.has(column) || cascading.includes(definition)) continue
      const how = handled.get(`${name}.${column}`)
      assert.ok(how, `${name}.${column} names a post and has no cascading key: put it right in retention/forget-posts.ts`)
      if (how === 'forget') assert.ok(forget.includes(`${name}.${column}`), `forget-posts.ts says nothing of ${name}.${column}`)
    }
  }
})

test('whatever hangs on a post goes when the post is deleted, unless it is meant to outlive it', () => {
  const remove = source('server/posts/remove-post.ts')
  for (const { name, table } of tables) {
    if (!('postId' in table)) continue
    const why = outlives.get(name)
    const isCalled =
      why === undefined ? remove.includes(`eq(${name}.postId, post.id)`) : !why.startsWith('remove') || remove.includes(`${why}(tx`)
    assert.ok(isCalled, `${name} keeps rows of posts that were deleted: remove them in posts/remove-post.ts`)
  }
})

test('whatever hangs on a post is found by the post, so that taking one away looks through no table', () => {
  for (const { name, table } of tables) {
    const { foreignKeys, indexes, primaryKeys } = getTableConfig(table)
    const leading = new Set([...indexes.map(({ config }) => config.columns[0]), ...primaryKeys.map(({ columns }) => columns[0])])
    const found = [...leading].map((column) => (column !== undefined && 'name' in column ? column.name : undefined))
    for (const key of foreignKeys.map((each) => each.reference())) {
      if (key.foreignTable !== schema.posts) continue
      for (const column of key.columns)
        assert.ok(column.primary || found.includes(column.name), `${name} needs an index that begins with ${column.name}`)
    }
  }
})
