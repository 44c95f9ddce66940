import { and, eq, type Placeholder, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { accounts } from '#db/schema/accounts.ts'
import { notifications, notificationSenders } from '#db/schema/notifications.ts'
import { posts } from '#db/schema/posts.ts'
import type { NotificationFate } from '#db/schema/sign-in.ts'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { policyOf } from '#server/notifications/policy.ts'
import { isOfStranger, strangersSince } from '#server/peers/first-contact.ts'
import { isThere } from '#server/posts/is-there.ts'
import { isFollowing, isMuted, isSilenced, isThreadMuted } from '#server/posts/quieting.ts'
import { isAccountHidden, isBlockedBetween, visibleTo } from '#server/posts/visibility.ts'

const about = alias(posts, 'about')
const newcomerMs = 30 * 24 * 60 * 60_000
const me = sql.placeholder('me')
const fateNumbers: Record<NotificationFate, number> = { show: 0, review: 1, ignore: 2 }

/** The kind, so said that SQLite asks no index of kinds for it: pages and counts go through a window of rows in the order of time. */
export const kindInTime: SQL = sql`(${notifications.kind} || '')`

/** What the conditions below ask of the reader and the hour, by the names of their placeholders. */
export interface ShownValues extends Record<string, unknown> {
  me: number
  now: number
  /** As of strangersSince. */
  since: number
  /** Accounts made after this moment are newcomers. */
  newSince: number
  /** Fates as numbers: 0 shown, 1 apart, 2 nowhere. */
  strangers: number
  newcomers: number
  directs: number
  limited: number
}

export async function shownValues(ctx: Pick<Context, 'settings' | 'clock'>, who: Pick<Person, 'user' | 'account'>): Promise<ShownValues> {
  const policy = policyOf(who)
  const now = ctx.clock.now()
  return {
    me: who.account.id,
    now,
    since: await strangersSince(ctx),
    newSince: now - newcomerMs,
    strangers: fateNumbers[policy.strangers],
    newcomers: fateNumbers[policy.newcomers],
    directs: fateNumbers[policy.directs],
    limited: fateNumbers[policy.limited]
  }
}

/** Notifications that wait apart: by the reader's policy, and mentions by people of servers met only lately while the instance greets them so. */
export const isRequest: SQL = sql`(${isJudged()} and ${hasFate(1)} and not ${hasFate(2)})`
/** Notifications that stand nowhere, by the reader's policy. */
const isIgnored: SQL = sql`(${isJudged()} and ${hasFate(2)})`

/** By others than those whom the reader follows or chose, and of kinds that anybody can cause. */
function isJudged(): SQL {
  const { fromId } = notifications
  const sender = alias(notificationSenders, 'sender')
  const isChosen = isThere(sql`from ${notificationSenders} sender where ${sender.accountId} = ${me} and ${sender.fromId} = ${fromId}`)
  return sql`${kindInTime} in ('mention', 'quote', 'follow', 'favourite', 'boost', 'reaction') and not ${isFollowing(me, fromId)} and not ${isChosen}`
}

/** Whether some part of the policy that fits has this fate. */
function hasFate(fate: 1 | 2): SQL {
  const { kind, fromId, postId } = notifications
  const sent = alias(accounts, 'sent_by')
  const isNewcomer = isThere(
    sql`from ${accounts} sent_by where ${sent.id} = ${fromId} and ${sent.createdAt} > ${sql.placeholder('newSince')}`
  )
  const isUnasked = isThere(sql`from ${posts} about where ${about.id} = ${postId} and ${about.visibility} = 'direct'
    and (${about.replyToAuthorId} is null or ${about.replyToAuthorId} <> ${me})`)
  const is = (name: string) => sql`${sql.placeholder(name)} = ${sql.raw(String(fate))}`
  const isFirstContact =
    fate === 1 ? sql` or (${kind} = 'mention' and ${isOfStranger(sql`${fromId}`, sql`${sql.placeholder('since')}`)})` : sql``
  return sql`(${is('strangers')} or (${is('newcomers')} and ${isNewcomer}) or (${is('directs')} and ${kind} = 'mention' and ${isUnasked})
    or (${is('limited')} and ${isSilenced(sql`${fromId}`)})${isFirstContact})`
}

/**
 * Which of an account's notifications are shown to it: not those from somebody hidden, blocked or muted since, nor about a post that it may not see
 * any more, or of a conversation that it muted, nor what its policy ignores. The rows stay, so that lifting brings them back.
 */
export function isShown(): SQL | undefined {
  const now: Placeholder = sql.placeholder('now')
  return and(
    eq(notifications.accountId, me),
    sql`not ${isAccountHidden(notifications.fromId)}`,
    sql`not ${isBlockedBetween(me, notifications.fromId)}`,
    sql`not ${isMuted(me, notifications.fromId, now, 'notifications')}`,
    sql`not ${isIgnored}`,
    sql`(${notifications.postId} = 0 or ${isThere(sql`from ${posts} about where ${about.id} = ${notifications.postId} and ${visibleTo(me, about)}
      and not ${isThreadMuted(me, about.threadId)}`)})`
  )
}
