import { accounts } from '#db/schema/accounts.ts'
import { jobs } from '#db/schema/jobs.ts'
import { codeApps } from '#db/schema/factors.ts'
import { filters } from '#db/schema/filters.ts'
import { notifications } from '#db/schema/notifications.ts'
import { users } from '#db/schema/sign-in.ts'
import { threadPulls } from '#db/schema/threads.ts'
import { lists } from '#db/schema/timelines.ts'
import { eq } from 'drizzle-orm'
import type { TestContext } from 'node:test'
import type { Account } from '#server/accounts/who.ts'
import { createFilter } from '#server/filters/write-filter.ts'
import { acceptRequest } from '#server/follows/answer-request.ts'
import { blockAccount } from '#server/follows/block-account.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { muteAccount } from '#server/follows/mute-account.ts'
import { findByPost } from '#server/interactions/find-interaction.ts'
import { createList } from '#server/lists/change-lists.ts'
import { addMember } from '#server/lists/list-members.ts'
import { silenceAccount } from '#server/moderation/silence-account.ts'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { pseudoLanguage } from '#server/platform/messages.ts'
import { addPin } from '#server/posts/pins.ts'
import { muteThread } from '#server/posts/mute-thread.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { createAccount } from '#server/sign-in/create-account.ts'
import { type Purpose, storeToken } from '#server/sign-in/one-time-tokens.ts'
import type { RouteEntry } from '#server/web/access.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { inBrackets } from '#test/helpers/pseudo.ts'
import { type Guest, testPassword } from '#test/helpers/people.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { ownThings } from '#test/web/bad-input/own-things.ts'
import { panelThings } from '#test/web/bad-input/panel-things.ts'

export const imageBytesMax = 1024 ** 2

const hourMs = 3_600_000
export interface BadInputWorld {
  instance: Instance
  /** Somebody who may call a route of this access, signed in again when the former session ended. */
  actor(access: RouteEntry['access']): Promise<Guest>
  /** The address of a route with something new behind it, which nobody has acted on. */
  freshPath(url: string): Promise<string>
}

/** Nobody owns this instance, so that its owner's link can be looked at. */
const names = { 'signed-in': 'alice', moderator: 'mona', admin: 'adam', owner: 'adam' } as const

/**
 * An instance in which every form has something to act on. Sign-up asks for all that it may ask for. Everybody reads the pseudo-locale, and
 * what people wrote stands in its brackets, so that words from elsewhere show.
 */
export async function startBadInputWorld(t: TestContext): Promise<BadInputWorld> {
  const instance = await startInstance(t, { config: { limits: { imageBytesMax } } })
  const { ctx } = instance
  let count = 0
  const next = () => ++count
  const { report, invite, relay, domain, host, ownEmoji, foreignEmoji } = panelThings(instance, next)
  const { draft, broughtAlong, tag, conversation, session, app, passkey } = ownThings(instance, next)

  for (const role of ['moderator', 'admin'] as const) await instance.as(names[role], { role })
  const alice = await instance.as('alice')
  await instance.as('bob')
  await ctx.transact((tx) =>
    ctx.settings.change(tx, { signUp: 'approval', rules: [inBrackets('Be kind')], language: pseudoLanguage, name: inBrackets('Skerry') })
  )
  await alice.submit('/settings/profile', { isLocked: 'yes', isDiscoverable: 'yes' })
  await alice.submit('/settings/servers', { domain: 'hush.test' })

  /** Somebody new, and how alice stands to them as the ending of an address asks. */
  async function somebody(ending = ''): Promise<Account> {
    const name = `new${++count}`
    const account = await createAccount(ctx, { kind: 'operator' }, { name, email: `${name}@mail.test`, password: testPassword })
    await ctx.transact((tx) => tx.update(users).set({ language: pseudoLanguage }).where(eq(users.accountId, account.id)))
    const who = await whoIs(instance, 'alice')
    const isAsked = /accept|reject|remove-follower/.test(ending)
    const [user] = await ctx.db.select().from(users).where(eq(users.accountId, account.id))
    if (/unfollow|boosts|replies|notify|^lists$/.test(ending))
      await followAccount(ctx, who, {
        accountId: account.id,
        showBoosts: ending !== 'show-boosts',
        showReplies: ending !== 'show-replies',
        notifies: ending === 'unnotify'
      })
    if (ending === 'unblock') await blockAccount(ctx, who, { accountId: account.id })
    if (ending === 'unmute') await muteAccount(ctx, who, { accountId: account.id })
    if (isAsked) await ctx.transact((tx) => tx.update(accounts).set({ isLocked: true }).where(eq(accounts.id, who.account.id)))
    if (isAsked) await followAccount(ctx, { kind: 'account', account, user: user! }, { accountId: who.account.id })
    if (ending === 'remove-follower') await acceptRequest(ctx, who, { accountId: account.id })
    const reason = inBrackets('Noise')
    if (/suspension.lift|erasure/.test(ending)) await suspendAccount(ctx, { kind: 'operator' }, { accountId: account.id, reason })
    // Whom moderators silenced waits in the box for review.
    const isApart = /admit|dismiss$/.test(ending)
    if (isApart)
      await ctx.transact((tx) =>
        tx
          .insert(notifications)
          .values({ id: tx.newId(), accountId: who.account.id, kind: 'follow', fromId: account.id, createdAt: tx.now })
      )
    if (ending === 'silence/lift' || isApart) await silenceAccount(ctx, { kind: 'operator' }, { accountId: account.id, reason })
    return account
  }

  async function post(ending = ''): Promise<number> {
    const author = await whoIs(instance, /edit|delete|pin|redraft/.test(ending) ? 'alice' : 'bob')
    const { id } = await publishPost(ctx, author, {
      text: inBrackets(`Post number ${++count}`),
      visibility: 'public',
      ...(ending === 'unquote' ? { quoteId: await ownPost() } : {}),
      poll: ending === 'vote' ? { options: [inBrackets('Yes'), inBrackets('No')], isMultiple: false, lastsS: 3_600 } : null
    })
    if (ending === 'unmute-thread') await muteThread(ctx, await whoIs(instance, 'alice'), { postId: id })
    if (ending === 'pull') await pullOf(id)
    if (ending === 'unpin') await ctx.transact((tx) => addPin(tx, { accountId: author.account.id, postId: id }))
    return id
  }

  /** A pull that has ended, of which not all could be had. */
  async function pullOf(anchorId: number): Promise<void> {
    const now = ctx.clock.now()
    const times = { startedAt: now - 2 * hourMs, endedAt: now - hourMs, againAt: now + 1_000 * hourMs }
    const missing = { missingHosts: ['gone.test'], missingCount: 1 }
    await ctx.transact((tx) =>
      tx.insert(threadPulls).values({ id: tx.newId(), threadId: anchorId, anchorId, fetchesLeft: 0, ...missing, ...times })
    )
  }

  /** A post of alice's; with `ask`, one that wants to be asked before anybody answers it. */
  async function ownPost(canReply: 'everybody' | 'ask' = 'everybody'): Promise<number> {
    const text = inBrackets(`My post number ${++count}`)
    return (await publishPost(ctx, await whoIs(instance, 'alice'), { text, visibility: 'public', policies: { canReply } })).id
  }

  /** Bob waits to be let in below a post of alice's. */
  async function approval(): Promise<number> {
    const text = inBrackets(`May I ${++count}?`)
    const { id } = await publishPost(ctx, await whoIs(instance, 'bob'), { text, visibility: 'public', replyToId: await ownPost('ask') })
    return (await findByPost(ctx.db, 'reply', id))!.id
  }

  async function signUp(): Promise<number> {
    const { id } = await somebody()
    await ctx.transact((tx) =>
      tx
        .update(users)
        .set({ approvedAt: null, signUpReason: inBrackets('Friends') })
        .where(eq(users.accountId, id))
    )
    return id
  }

  async function filter(): Promise<number> {
    // There may be so many only.
    await ctx.transact((tx) => tx.delete(filters))
    const keywords = [{ keyword: inBrackets(`word ${++count}`), isWholeWord: true }]
    const draft = { title: inBrackets(`Filter ${count}`), action: 'warn', places: ['home'], keywords } as const
    return createFilter(ctx, await whoIs(instance, 'alice'), { ...draft, postId: await post() })
  }

  /** A list of alice's with one whom it gathers; somebody else could stand in it. */
  async function list(): Promise<number> {
    // There may be so many only.
    if ((await ctx.db.$count(lists)) > 40) await ctx.transact((tx) => tx.delete(lists))
    const who = await whoIs(instance, 'alice')
    const { id } = await createList(ctx, who, { title: inBrackets(`List ${++count}`) })
    await addMember(ctx, who, { listId: id, accountId: (await somebody('unfollow')).id })
    await somebody('unfollow')
    return id
  }

  /** Somebody who took their own password away, or asks for more after it, signs in by the password again. */
  async function openFrontDoor(name: string): Promise<void> {
    const { account } = await instance.as(name)
    const passwordHash = await ctx.passwords.hash(testPassword)
    await ctx.transact(async (tx) => {
      await tx.delete(codeApps).where(eq(codeApps.accountId, account.id))
      await tx.update(users).set({ passwordHash, asksPasskey: false }).where(eq(users.accountId, account.id))
    })
  }

  async function token(purpose: Purpose): Promise<string> {
    const made = ctx.random.token()
    if (purpose === 'create-owner') await ctx.transact((tx) => tx.update(users).set({ role: 'person' }).where(eq(users.role, 'owner')))
    const account = await somebody()
    await ctx.transact((tx) => storeToken(tx, made, { purpose, accountId: account.id, email: `${account.name}@mail.test` }))
    return made
  }

  await ctx.transact((tx) => tx.update(users).set({ language: pseudoLanguage }))
  await ctx.transact((tx) =>
    tx
      .insert(jobs)
      .values({ id: tx.newId(), kind: 'nothing', input: {}, lane: 'slow', attempts: 9, runAt: 0, deadAt: tx.now, createdAt: tx.now })
  )

  /** What stands behind the parameter of an address, by the beginning of the address. A new beginning is met as an account. */
  const subjects: [RegExp, (ending: string) => Promise<string | number>][] = [
    [/^\/posts\//, post],
    [/^\/approvals\//, approval],
    [/^\/drafts\//, draft],
    [/^\/settings\/sessions\//, session],
    [/^\/settings\/apps\//, app],
    [/^\/settings\/security\/passkeys\//, passkey],
    [/^\/settings\/filters\//, filter],
    [/^\/lists\//, list],
    [/^\/imports\//, broughtAlong],
    [/^\/tags\//, tag],
    [/^\/conversations\//, conversation],
    [/^\/admin\/reports\//, report],
    [/^\/admin\/sign-ups\//, signUp],
    [/^\/admin\/invites\//, invite],
    [/^\/admin\/domains\//, domain],
    [/^\/admin\/relays\//, relay],
    [/^\/admin\/emoji\/elsewhere\//, foreignEmoji],
    [/^\/(admin\/)?emoji\//, ownEmoji],
    [/^\/admin\/(first-contact|peers)\//, host],
    [/^\/owner\//, () => token('create-owner')],
    [/^\/confirm\//, () => token('confirm-email')],
    [/^\/password\//, () => token('reset-password')],
    [/./, async (ending) => (await somebody(ending)).id]
  ]

  const actors = new Map<string, Guest>()
  return {
    instance,
    async actor(access) {
      if (access === 'anyone' || access === 'peer' || access === 'token' || access === 'app') return instance.guest()
      const name = names[access]
      const known = actors.get(name) ?? (await instance.as(name))
      const isSignedIn = (await known.get('/settings/account')).statusCode === 200
      const actor = isSignedIn ? known : instance.guest()
      if (!isSignedIn) await openFrontDoor(name)
      if (!isSignedIn) await actor.submit('/sign-in', { login: name, password: testPassword })
      actors.set(name, actor)
      return actor
    },
    async freshPath(url) {
      if (!url.includes(':')) return url
      const [, make] = subjects.find(([shape]) => shape.test(url))!
      const ending = url.replace(/^.*:\w+\/?/, '')
      const path = url.replace(/:\w+/, encodeURIComponent(await make(ending)))
      return path.includes(':') ? path.replace(/:\w+/, String((await somebody('unfollow')).id)) : path
    }
  }
}
