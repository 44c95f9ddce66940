import { accounts } from '#db/schema/accounts.ts'
import { activities, deliveries, heldActivities, parkedAt, peers } from '#db/schema/peers.ts'
import { jobs } from '#db/schema/jobs.ts'
import { codeApps, passkeys } from '#db/schema/factors.ts'
import { emojis } from '#db/schema/emoji.ts'
import { filters } from '#db/schema/filters.ts'
import { importRows, imports } from '#db/schema/imports.ts'
import { media } from '#db/schema/media.ts'
import { domainLimits, reports } from '#db/schema/moderation.ts'
import { notifications } from '#db/schema/notifications.ts'
import { ownEmojis } from '#db/schema/own-emojis.ts'
import { relays } from '#db/schema/relays.ts'
import { invites, users } from '#db/schema/sign-in.ts'
import { threadPulls } from '#db/schema/threads.ts'
import { lists } from '#db/schema/timelines.ts'
import { eq } from 'drizzle-orm'
import type { TestContext } from 'node:test'
import type { Account } from '#server/accounts/who.ts'
import { saveDraft } from '#server/drafts/save-draft.ts'
import { scheduleDraft } from '#server/drafts/schedule-draft.ts'
import { emojiTopic } from '#server/emoji/emoji-book.ts'
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
import { storeImages } from '#server/media/store-images.ts'
import { uploadImage } from '#server/media/upload-image.ts'
import { addPin } from '#server/posts/pins.ts'
import { muteThread } from '#server/posts/mute-thread.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { createAccount } from '#server/sign-in/create-account.ts'
import { type Purpose, storeToken } from '#server/sign-in/one-time-tokens.ts'
import { followTag } from '#server/timelines/followed-tags.ts'
import { startSession } from '#server/sign-in/sessions.ts'
import type { RouteEntry } from '#server/web/access.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { inBrackets } from '#test/helpers/pseudo.ts'
import { type Guest, testPassword } from '#test/helpers/people.ts'
import { letIn } from '#test/apps/let-in.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { pictureOf } from '#test/web/world.ts'

export const imageBytesMax = 1024 ** 2

const hourMs = 3_600_000
const emptyDraft = {
  warning: '',
  visibility: 'public',
  language: null,
  isSensitive: false,
  isLocalOnly: false,
  isMarkdown: false,
  poll: null,
  policies: {},
  replyToId: null,
  quoteId: null
} as const

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

  async function report(): Promise<number> {
    const [by, target] = [await instance.as('alice'), await instance.as('bob')]
    return ctx.transact(async (tx) => {
      const id = tx.newId()
      await tx
        .insert(reports)
        .values({ id, reporterId: by.account.id, targetId: target.account.id, comment: inBrackets('This'), createdAt: tx.now })
      return id
    })
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

  /** Something alice has begun: with a picture where pictures are described, and waiting for its time where that is taken back. */
  async function draft(ending = ''): Promise<number> {
    const who = await whoIs(instance, 'alice')
    const isTimed = /publish|unschedule/.test(ending)
    const picture = ending === 'images' ? [await uploadImage(ctx, who, { bytes: pictureOf('a.png').bytes })] : []
    const parts = [inBrackets(`Draft ${++count}`), inBrackets('and more')].map((text, at) => ({ text, media: at === 0 ? picture : [] }))
    const content = { ...emptyDraft, parts, publishAt: isTimed ? ctx.clock.now() + count * hourMs : null }
    return (await (isTimed ? scheduleDraft : saveDraft)(ctx, who, { key: ctx.random.token(), content })).id
  }

  /** What alice brought along, of which one line failed. */
  async function broughtAlong(): Promise<number> {
    const { account } = await instance.as('alice')
    return ctx.transact(async (tx) => {
      const id = tx.newId()
      const times = { createdAt: tx.now, endedAt: tx.now }
      await tx.insert(imports).values({ id, accountId: account.id, kind: 'follows', rowsCount: 1, ...times })
      const row = { importId: id, subject: `who${++count}@gone.test`, state: 'failed' as const, reasonKey: 'import.nobody' }
      await tx.insert(importRows).values({ id: tx.newId(), ...row })
      return id
    })
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

  async function tag(ending = ''): Promise<string> {
    const name = `topic${++count}`
    return ending === 'unfollow' ? followTag(ctx, await whoIs(instance, 'alice'), { tag: name }) : name
  }

  /** Bob says something to alice alone; its thread stands for the conversation. */
  async function conversation(): Promise<number> {
    const text = `@alice ${inBrackets(`Between us ${++count}`)}`
    return (await publishPost(ctx, await whoIs(instance, 'bob'), { text, visibility: 'direct' })).threadId
  }

  function invite(): Promise<number> {
    return ctx.transact(async (tx) => {
      const id = tx.newId()
      await tx.insert(invites).values({ id, code: ctx.random.token(), createdBy: 0, usesLeft: 3, createdAt: tx.now })
      return id
    })
  }

  function relay(): Promise<number> {
    return ctx.transact(async (tx) => {
      const id = tx.newId()
      const host = `relay${++count}.test`
      await tx
        .insert(relays)
        .values({ id, kind: 'mastodon', inboxUrl: `https://${host}/inbox`, host, followUri: `#relay-${id}`, addedAt: tx.now })
      return id
    })
  }

  async function domain(): Promise<string> {
    const name = `cut${++count}.test`
    await ctx.transact((tx) =>
      tx.insert(domainLimits).values({ domain: name, severity: 'silence', reason: inBrackets('Noise'), createdAt: tx.now })
    )
    return name
  }

  /** A server met a moment ago, of which something is put by and something waits. */
  async function host(): Promise<string> {
    const name = `new${++count}.test`
    await ctx.transact(async (tx) => {
      await tx.insert(peers).values({ host: name, firstSeenAt: tx.now })
      const held = { host: name, actorId: 1, type: 'Follow', activity: { type: 'Follow', objects: [] }, signatureHash: name }
      await tx.insert(heldActivities).values({ id: tx.newId(), ...held, heldAt: tx.now })
      const activityId = tx.newId()
      await tx.insert(activities).values({ id: activityId, uri: `https://skerry.test/${name}`, actorId: 1, body: '{}', createdAt: tx.now })
      const delivery = { activityId, inboxUrl: `https://${name}/inbox`, host: name, lane: 'direct' as const, runAt: parkedAt }
      await tx.insert(deliveries).values({ id: tx.newId(), ...delivery, createdAt: tx.now })
    })
    return name
  }

  function ownEmoji(ending = ''): Promise<number> {
    return ctx.transact(async (tx) => {
      const id = tx.newId()
      const shortcode = `emoji_${++count}`
      const names = { shortcode, shortcodeKey: shortcode, category: inBrackets('Sea'), alt: inBrackets('A seal') }
      const picture = { mediaId: id, mediaKey: ctx.random.token() }
      const times = { createdAt: tx.now, updatedAt: tx.now }
      await tx.insert(ownEmojis).values({ id, ...names, ...picture, isOff: ending === 'on', ...times })
      tx.signal(emojiTopic)
      return id
    })
  }

  /** Met here once, so that its picture is kept; its server is gone since. */
  async function foreignEmoji(ending = ''): Promise<number> {
    const made = await ctx.images.make(pictureOf('a.png').bytes, { use: 'emoji', isFirstFrameEnough: true })
    return storeImages(ctx, made, async (tx, stored) => {
      const [id, mediaId, mediaKey] = [tx.newId(), tx.newId(), ctx.random.token()]
      const remoteUrl = 'https://gone.test/emoji.png'
      await tx.insert(media).values({ id: mediaId, key: mediaKey, accountId: 1, use: 'emoji', remoteUrl, ...stored, createdAt: tx.now })
      const emoji = { id, host: 'gone.test', shortcode: `emoji_${++count}`, remoteUrl, mediaId, mediaKey }
      await tx.insert(emojis).values({ ...emoji, blockedAt: ending === 'unblock' ? tx.now : null, createdAt: tx.now })
      tx.signal(emojiTopic)
      return id
    })
  }

  async function session(): Promise<number> {
    const { account } = await instance.as('alice')
    return (await ctx.transact((tx) => startSession(tx, account.id, ctx.random.token(), { userAgent: '', address: '192.0.2.1' }))).id
  }

  async function app(): Promise<number> {
    return (await letIn(ctx, await whoIs(instance, 'alice'), inBrackets(`App ${++count}`))).appId
  }

  async function passkey(): Promise<number> {
    const { account } = await instance.as('alice')
    return ctx.transact(async (tx) => {
      const id = tx.newId()
      const key = { credentialId: `key-${++count}`, publicKey: '', counter: 0, name: inBrackets(`Key ${count}`) }
      await tx.insert(passkeys).values({ id, accountId: account.id, ...key, createdAt: tx.now })
      return id
    })
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
