import { emojis } from '#db/schema/emoji.ts'
import { media } from '#db/schema/media.ts'
import { domainLimits, reports } from '#db/schema/moderation.ts'
import { ownEmojis } from '#db/schema/own-emojis.ts'
import { activities, deliveries, heldActivities, parkedAt, peers } from '#db/schema/peers.ts'
import { relays } from '#db/schema/relays.ts'
import { invites } from '#db/schema/sign-in.ts'
import { emojiTopic } from '#server/emoji/emoji-book.ts'
import { storeImages } from '#server/media/store-images.ts'
import type { Instance } from '#test/helpers/instance.ts'
import { inBrackets } from '#test/helpers/pseudo.ts'
import { pictureOf } from '#test/web/world.ts'

/** What stands behind addresses of the panel, a new one at each call; `next` numbers what is told apart by its name. */
export function panelThings(instance: Instance, next: () => number) {
  const { ctx } = instance

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
      const host = `relay${next()}.test`
      await tx
        .insert(relays)
        .values({ id, kind: 'mastodon', inboxUrl: `https://${host}/inbox`, host, followUri: `#relay-${id}`, addedAt: tx.now })
      return id
    })
  }

  async function domain(): Promise<string> {
    const name = `cut${next()}.test`
    await ctx.transact((tx) =>
      tx.insert(domainLimits).values({ domain: name, severity: 'silence', reason: inBrackets('Noise'), createdAt: tx.now })
    )
    return name
  }

  /** A server met a moment ago, of which something is put by and something waits. */
  async function host(): Promise<string> {
    const name = `new${next()}.test`
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
      const shortcode = `emoji_${next()}`
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
      const emoji = { id, host: 'gone.test', shortcode: `emoji_${next()}`, remoteUrl, mediaId, mediaKey }
      await tx.insert(emojis).values({ ...emoji, blockedAt: ending === 'unblock' ? tx.now : null, createdAt: tx.now })
      tx.signal(emojiTopic)
      return id
    })
  }

  return { report, invite, relay, domain, host, ownEmoji, foreignEmoji }
}
