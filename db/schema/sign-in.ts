import { sql } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { bool, index, int, json, table, text, time, uniqueIndex } from '#db/table.ts'

export type Role = 'owner' | 'admin' | 'moderator' | 'person'

/** How pages look and behave for one person, beyond their colours. */
export interface Look {
  contrast: 'system' | 'more'
  motion: 'system' | 'less'
  density: 'roomy' | 'dense'
  textSize: 's' | 'm' | 'l' | 'xl'
  /** Names stand without their emoji, which screen readers read out one by one. */
  plainNames: boolean
  /** Single keys act on a page (WCAG 2.2, 2.1.4: they can be switched off). */
  shortcuts: boolean
}

/** What becomes of notifications by those one does not follow: among the others, in a box to look through, or nowhere. */
export type NotificationFate = 'show' | 'review' | 'ignore'

/** The hardest that fits decides; people one follows or chose are always shown. */
export interface NotificationPolicy {
  /** Everybody one does not follow. */
  strangers: NotificationFate
  /** Of these, whose account is younger than 30 days. */
  newcomers: NotificationFate
  /** Of these, direct messages that answer nothing of one's own. */
  directs: NotificationFate
  /** Of these, whom moderators here silenced. */
  limited: NotificationFate
}

/** The part of a local account that signs in. */
export const users = table(
  'users',
  {
    accountId: int()
      .primaryKey()
      .references(() => accounts.id),
    email: text().notNull(),
    /** Lower case, for finding. */
    emailKey: text().notNull(),
    emailConfirmedAt: time(),
    /** PHC string of argon2id; empty for whoever took their password away and signs in by passkey alone. */
    passwordHash: text().notNull(),
    role: text<Role>().notNull().default('person'),
    language: text().notNull().default('en'),
    /** IANA zone; null for the instance's. */
    timeZone: text(),
    theme: text<'system' | 'light' | 'dark'>().notNull().default('system'),
    /** Null for the usual one. */
    look: json<Look>(),
    defaultVisibility: text<'public' | 'unlisted' | 'followers' | 'direct'>().notNull().default('public'),
    /** New posts begin with the visibility that was chosen last instead of the default: so for every new account; older ones chose a default of their own. */
    keepsVisibility: bool().notNull().default(false),
    /** What was chosen last, of a post that answers nothing; null until something was while that is kept. */
    lastVisibility: text<'public' | 'unlisted' | 'followers' | 'direct'>(),
    /** BCP 47 of what they mostly write; null when they did not say. */
    defaultLanguage: text(),
    /** Pictures of new posts start hidden. */
    defaultSensitive: bool().notNull().default(false),
    /** New posts are written in Markdown. */
    defaultMarkdown: bool().notNull().default(false),
    /** Who may quote and answer what they write, in the words of interactions/policy.ts; null for everybody. */
    defaultCanQuote: text(),
    defaultCanReply: text(),
    /** Null while the sign-up waits for a moderator. */
    approvedAt: time(),
    signUpReason: text(),
    signUpAddress: text(),
    inviteId: int(),
    /** When the rules shown at sign-up were agreed to, and the rules as they stood. */
    rulesAcceptedAt: time(),
    rulesAccepted: json<string[]>().notNull().default([]),
    /** Null for the usual one: see notifications/policy.ts. */
    notificationPolicy: json<NotificationPolicy>(),
    /** Newest notification id that was read. */
    notificationsReadId: int().notNull().default(0),
    /** Whether public posts go out with a proof of their origin (FEP-8b32), which also proves them after they are deleted. */
    provesPosts: bool().notNull().default(true),
    /** Whether others may read who follows this person and whom they follow; the numbers are shown all the same. */
    listsFollows: bool().notNull().default(true),
    /** When the page of first steps was shown or passed over; null until then. */
    welcomedAt: time(),
    /** One more each time this person's filters change; 0 while they never had one. */
    filtersVersion: int().notNull().default(0),
    /** Whether a passkey is asked for after the password. */
    asksPasskey: bool().notNull().default(false),
    lastSeenAt: time(),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('users_email').on(t.emailKey), index('users_waiting').on(t.accountId).where(sql`approved_at is null`)]
)

export const sessions = table(
  'sessions',
  {
    id: int().primaryKey(),
    /** SHA-256 of the cookie's token, hex: a stolen database opens no session. */
    tokenHash: text().notNull(),
    accountId: int()
      .notNull()
      .references(() => users.accountId, { onDelete: 'cascade' }),
    userAgent: text().notNull().default(''),
    address: text().notNull().default(''),
    /** When whoever sits there last showed that they are the account's owner; null for when it was opened. */
    provedAt: time(),
    createdAt: time().notNull(),
    lastSeenAt: time().notNull(),
    expiresAt: time().notNull()
  },
  (t) => [uniqueIndex('sessions_token').on(t.tokenHash), index('sessions_account').on(t.accountId)]
)

/** One-time links: confirm an address, reset a password, create the owner. */
export const oneTimeTokens = table(
  'one_time_tokens',
  {
    tokenHash: text().primaryKey(),
    purpose: text<'confirm-email' | 'reset-password' | 'create-owner'>().notNull(),
    /** Null for the owner link, which belongs to nobody yet. */
    accountId: int(),
    /** The address the token proves; null where none is proved. */
    email: text(),
    createdAt: time().notNull(),
    expiresAt: time().notNull()
  },
  (t) => [index('one_time_tokens_account').on(t.accountId)]
)

export const invites = table(
  'invites',
  {
    id: int().primaryKey(),
    code: text().notNull(),
    createdBy: int().notNull(),
    usesLeft: int().notNull(),
    expiresAt: time(),
    isRevoked: bool().notNull().default(false),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('invites_code').on(t.code)]
)

/** Counted attempts (sign-in, mails, sign-ups) by key and window, shared by all processes. */
export const attempts = table(
  'attempts',
  {
    key: text().primaryKey(),
    count: int().notNull(),
    windowEndsAt: time().notNull()
  },
  (t) => [index('attempts_end').on(t.windowEndsAt)]
)
