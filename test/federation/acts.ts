import { accounts } from '#db/schema/accounts.ts'
import { blocks, follows } from '#db/schema/follows.ts'
import type { Visibility } from '#db/schema/posts.ts'
import type { Account } from '#server/accounts/who.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { cleanToldPost } from '#server/posts/received-post.ts'
import { receivePost } from '#server/posts/receive-post.ts'
import { writeLimit } from '#server/moderation/limit-domain.ts'
import type { Instance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

/** One of ours as the one who acts. */
export async function write(
  instance: Instance,
  name: string,
  text: string,
  visibility: Visibility = 'public',
  more: { replyToId?: number } = {}
): Promise<PostRow> {
  return publishPost(instance.ctx, await whoIs(instance, name), { text, visibility, language: 'en', ...more })
}

/** A public post of somebody elsewhere, as if it had come in. */
export async function receiveNote(instance: Instance, author: Account, text: string): Promise<PostRow> {
  const told = cleanToldPost({
    uri: `${author.uri}/statuses/${text.length}-${instance.ctx.clock.now()}`,
    authorId: author.id,
    type: 'Note',
    html: `<p>${text}</p>`,
    publicIn: 'to',
    isForFollowers: true,
    mentionIds: [],
    silentIds: [],
    tags: [],
    media: []
  })
  const post = await instance.ctx.transact((tx) => receivePost(tx, instance.ctx.random, told))
  if (!post) throw new Error('The post was not written.')
  return post
}

export async function limitDomain(instance: Instance, domain: string): Promise<void> {
  await instance.ctx.transact((tx) => writeLimit(tx, { domain, severity: 'suspend', reason: '' }))
}

/** A block that came from elsewhere, or stands here. */
export async function block(instance: Instance, from: Account, to: Account): Promise<void> {
  await instance.ctx.transact(async (tx) => {
    const id = tx.newId()
    await tx.insert(blocks).values({ id, accountId: from.id, targetId: to.id, uri: `${from.uri}#block-${id}`, createdAt: tx.now })
  })
}

/** Followers on as many servers that do not exist. */
export async function addFollowers(instance: Instance, followed: Account, count: number): Promise<void> {
  await instance.ctx.transact(async (tx) => {
    for (let at = 0; at < count; at += 400) {
      const numbers = Array.from({ length: Math.min(400, count - at) }, (_, index) => at + index)
      const rows = numbers.map((number) => {
        const host = `nowhere-${number}.test`
        const uri = `https://${host}/users/x`
        return {
          id: tx.newId(),
          name: 'x',
          nameKey: 'x',
          domain: host,
          uri,
          inboxUrl: `${uri}/inbox`,
          sharedInboxUrl: `https://${host}/inbox`,
          createdAt: tx.now
        }
      })
      await tx.insert(accounts).values(rows)
      await tx.insert(follows).values(
        rows.map((row) => ({
          id: tx.newId(),
          followerId: row.id,
          followedId: followed.id,
          state: 'accepted' as const,
          uri: `${row.uri}#f`,
          createdAt: tx.now
        }))
      )
    }
  })
}
