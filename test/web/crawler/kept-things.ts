import { eq } from 'drizzle-orm'
import { codeApps, passkeys, recoveryCodes } from '#db/schema/factors.ts'
import { importRows, imports } from '#db/schema/imports.ts'
import { notifications, severances } from '#db/schema/notifications.ts'
import { linkPreviews } from '#db/schema/previews.ts'
import { emojis } from '#db/schema/emoji.ts'
import { ownEmojis } from '#db/schema/own-emojis.ts'
import { trends } from '#db/schema/trends.ts'
import { emojiTopic } from '#server/emoji/emoji-book.ts'
import type { Person } from '#server/accounts/who.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { createList } from '#server/lists/change-lists.ts'
import { addMember } from '#server/lists/list-members.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { writeNote } from '#server/profiles/notes.ts'
import { findSetUp, startCodeApp } from '#server/sign-in/code-app.ts'
import { makeRecoveryCodes } from '#server/sign-in/recovery-codes.ts'
import { followTag } from '#server/timelines/followed-tags.ts'
import type { Instance } from '#test/helpers/instance.ts'
import { letIn } from '#test/apps/let-in.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import type { Marker } from '#test/web/crawler/world.ts'

/** Makes a secret, gives it with a word beside it to search for. */
export type MakeSecret = (name: string, seenBy?: string[], options?: { isForPanel?: boolean }) => string

/** What a person keeps for themselves, beside what they write: of each kind something, with ids for the parameters of routes, the token of an app, and markers of what nobody reads. */
export async function keepThings(
  instance: Instance,
  who: Person,
  secret: MakeSecret
): Promise<{ ids: number[]; token: string; markers: Marker[] }> {
  const { ctx } = instance
  const own = who.account.id
  const mine = [who.account.name]
  const word = (name: string, seenBy = mine, options = {}) => secret(name, seenBy, options).split(' ')[1]!

  const follower = await whoIs(instance, 'follower')
  await writeNote(ctx, who, { accountId: follower.account.id, text: secret('note about somebody', mine) })
  await followTag(ctx, who, { tag: word('hashtag that somebody follows') })
  const list = await createList(ctx, who, { title: secret('title of a list with a member', mine) })
  await followAccount(ctx, who, { accountId: follower.account.id })
  await addMember(ctx, who, { listId: list.id, accountId: follower.account.id })

  await startCodeApp(ctx, who)
  const setUp = await findSetUp(ctx, who)
  const [app] = await ctx.db.select().from(codeApps).where(eq(codeApps.accountId, own))
  const codes = await ctx.transact((tx) => makeRecoveryCodes(ctx, tx, own))
  const hashes = await ctx.db.select().from(recoveryCodes).where(eq(recoveryCodes.accountId, own))

  const kept = await letIn(ctx, who, word('name of an app that was let in', [...mine, 'app of alice']))
  const linked = `https://pages.test/${word('address in a followers-only post', ['alice', 'follower', 'peer-follower'])}`
  const posted = await publishPost(ctx, who, { text: `Have you read ${linked} ?`, visibility: 'followers' })

  const made = await ctx.transact(async (tx) => {
    const passkey = { id: tx.newId(), accountId: own, credentialId: word('credential of a passkey'), publicKey: '', counter: 0 }
    await tx.insert(passkeys).values({ ...passkey, name: secret('name of a passkey', mine), createdAt: tx.now })
    const severed = { id: tx.newId(), accountId: own, domain: `${word('server that somebody was severed from')}.test` }
    await tx.insert(severances).values({ ...severed, followingCount: 1, followersCount: 0, createdAt: tx.now })
    await tx.insert(notifications).values({ id: tx.newId(), accountId: own, kind: 'severed', fromId: severed.id, createdAt: tx.now })
    const brought = { id: tx.newId(), accountId: own, kind: 'follows' as const, rowsCount: 1 }
    await tx.insert(imports).values({ ...brought, createdAt: tx.now, endedAt: tx.now })
    const row = { importId: brought.id, subject: `${word('handle that somebody brought along')}@peer.test`, state: 'failed' as const }
    await tx.insert(importRows).values({ id: tx.newId(), ...row, reasonKey: 'import.nobody' })
    const preview = { url: linked, host: 'pages.test', answeredHost: 'pages.test', state: 'shown' as const }
    await tx.insert(linkPreviews).values({
      id: tx.newId(),
      ...preview,
      title: secret('title of a page that a followers-only post links to', ['alice', 'follower']),
      description: secret('description of a page that a followers-only post links to', ['alice', 'follower']),
      askedAt: tx.now,
      freshUntil: tx.now + 86_400_000
    })
    const figures = { score: 9, people: 4, posts: 5, firstAt: tx.now, seenAt: tx.now }
    const panel = { isForPanel: true }
    await tx.insert(trends).values([
      { kind: 'tag', key: word('hashtag that waits for review', [], panel), ...figures },
      { kind: 'link', key: `https://pages.test/${word('link that waits for review', [], panel)}`, ...figures },
      { kind: 'tag', key: word('hashtag that a moderator rejected', [], panel), ...figures, isApproved: false, decidedAt: tx.now }
    ])
    const emojiId = tx.newId()
    const picture = { mediaId: emojiId, mediaKey: ctx.random.token() }
    const foreign = { id: emojiId, host: 'peer.test', shortcode: word('emoji of another server', [], panel), ...picture }
    await tx.insert(emojis).values({ ...foreign, remoteUrl: 'https://peer.test/emoji.png', blockedAt: tx.now, createdAt: tx.now })
    const ours = { id: emojiId, shortcode: 'seal', shortcodeKey: 'seal', ...picture }
    await tx.insert(ownEmojis).values({ ...ours, category: 'Sea', createdAt: tx.now, updatedAt: tx.now })
    tx.signal(emojiTopic)
    return [passkey.id, severed.id, brought.id, emojiId]
  })

  const nobodys = (name: string, text: string): Marker => ({ name, text, for: [], isForPanel: false })
  return {
    ids: [...made, list.id, posted.id, kept.appId],
    token: kept.token,
    markers: [
      ...codes.map((code, at) => nobodys(`recovery code ${at}`, code)),
      ...hashes.map(({ codeHash }, at) => nobodys(`hash of recovery code ${at}`, codeHash)),
      nobodys('token of an app', kept.token),
      nobodys('sealed secret of a code app', app!.secretSealed),
      { name: 'secret of a code app that is being set up', text: setUp!.secret, for: mine, isForPanel: false }
    ]
  }
}
