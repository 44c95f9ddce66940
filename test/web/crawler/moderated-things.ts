import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { auditEntries, domainLimits, reportNotes, reports } from '#db/schema/moderation.ts'
import { invites, sessions, users } from '#db/schema/sign-in.ts'
import { blockAccount } from '#server/follows/block-account.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { muteAccount } from '#server/follows/mute-account.ts'
import { bookmarkPost } from '#server/posts/bookmark-post.ts'
import { boostPost } from '#server/posts/boost-post.ts'
import { favouritePost } from '#server/posts/favourite-post.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import type { Instance } from '#test/helpers/instance.ts'
import { whoIs } from '#test/helpers/who-is.ts'

type Secret = (name: string, seenBy?: string[], options?: { isForPanel?: boolean }) => string

/** Somebody suspended with whom everybody had to do, somebody who waits, and what the moderators write of both. `openId` is a public post of alice's. */
export async function moderateThings(instance: Instance, secret: Secret, openId: number) {
  const { ctx } = instance
  const [alice, follower, bruno, sid, moderator] = [
    await instance.as('alice'),
    await instance.as('follower'),
    await instance.as('bruno'),
    await instance.as('sid'),
    await instance.as('moderator')
  ]
  const panel = { isForPanel: true }
  const suspended = await publishPost(ctx, await whoIs(instance, 'sid'), { text: secret('post of a suspended account', [], panel) })
  const sids = await whoIs(instance, 'sid')
  await publishPost(ctx, sids, {
    text: `@alice @rita @stranger @follower ${secret('post of a suspended account that names everybody', [], panel)}`,
    replyToId: openId
  })
  await publishPost(ctx, await whoIs(instance, 'rita'), { text: '@sid an answer that everybody may read', replyToId: suspended.id })
  await boostPost(ctx, sids, { postId: openId })
  await favouritePost(ctx, sids, { postId: openId })
  await followAccount(ctx, sids, { accountId: alice.account.id })
  for (const name of ['follower', 'alice']) await followAccount(ctx, await whoIs(instance, name), { accountId: sid.account.id })
  for (const name of ['follower', 'rita']) await boostPost(ctx, await whoIs(instance, name), { postId: suspended.id })
  await bookmarkPost(ctx, await whoIs(instance, 'rita'), { postId: suspended.id })
  await muteAccount(ctx, await whoIs(instance, 'follower'), { accountId: sid.account.id })
  await blockAccount(ctx, await whoIs(instance, 'stranger'), { accountId: sid.account.id })
  const suspendedName = secret('name of a suspended account', [], panel)
  const suspendedBio = secret('bio of a suspended account', [], panel)
  const reason = secret('reason of a sign-up', [], panel)
  const auditReason = secret('reason of an act of moderation', [], panel)
  const limitReason = secret('reason of a limit on a domain', [], panel)
  const comment = secret('comment of a report', [], panel)
  const note = secret('note under a report', [], panel)
  const agent = secret('browser of a session', ['alice'])
  const code = secret('code of an invite', [], panel).split(' ')[1]!
  const penny = await instance.as('penny')
  const reportId = await ctx.transact(async (tx) => {
    await tx
      .update(accounts)
      .set({
        suspendedAt: tx.now,
        suspendedBy: 'here',
        displayName: suspendedName,
        bioHtml: `<p>${suspendedBio}</p>`,
        bioText: suspendedBio
      })
      .where(eq(accounts.id, sid.account.id))
    await tx.update(users).set({ approvedAt: null, signUpReason: reason }).where(eq(users.accountId, penny.account.id))
    const report = { id: tx.newId(), reporterId: follower.account.id, targetId: bruno.account.id, comment, createdAt: tx.now }
    await tx.insert(reports).values(report)
    await tx
      .insert(reportNotes)
      .values({ id: tx.newId(), reportId: report.id, authorId: moderator.account.id, text: note, createdAt: tx.now })
    await tx.insert(auditEntries).values({
      id: tx.newId(),
      actorKind: 'operator',
      act: 'account-suspended',
      targetKind: 'account',
      target: String(sid.account.id),
      targetLabel: '@sid',
      reason: auditReason,
      createdAt: tx.now
    })
    await tx.insert(domainLimits).values({ domain: 'cut.test', severity: 'suspend', reason: limitReason, createdAt: tx.now })
    await tx.insert(invites).values({ id: tx.newId(), code, createdBy: moderator.account.id, usesLeft: 3, createdAt: tx.now })
    await tx.update(sessions).set({ userAgent: agent }).where(eq(sessions.accountId, alice.account.id))
    return report.id
  })
  return { penny, suspended, reportId }
}
