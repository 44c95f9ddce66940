import { users } from '#db/schema/sign-in.ts'
import { bool, index, int, json, table, text, time, uniqueIndex } from '#db/table.ts'

/** The app on somebody's phone that shows a new code every half minute (TOTP, RFC 6238). */
export const codeApps = table('code_apps', {
  accountId: int()
    .primaryKey()
    .references(() => users.accountId, { onDelete: 'cascade' }),
  /** 20 bytes, sealed with the instance secret. */
  secretSealed: text().notNull(),
  /** Null while it is being set up: it asks for nothing yet. */
  confirmedAt: time(),
  /** The half minute (since 1970) of the last code that was taken: no code counts twice. */
  lastStep: int().notNull().default(0),
  createdAt: time().notNull()
})

/** What gets somebody in when the phone is lost; each works once. */
export const recoveryCodes = table(
  'recovery_codes',
  {
    id: int().primaryKey(),
    accountId: int()
      .notNull()
      .references(() => users.accountId, { onDelete: 'cascade' }),
    /** HMAC-SHA-256 of the code under a key of the instance secret, hex. */
    codeHash: text().notNull(),
    /** Null until it is used. */
    usedAt: time(),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('recovery_codes_of').on(t.accountId, t.codeHash)]
)

/** Public keys of authenticators (WebAuthn level 3). */
export const passkeys = table(
  'passkeys',
  {
    id: int().primaryKey(),
    accountId: int()
      .notNull()
      .references(() => users.accountId, { onDelete: 'cascade' }),
    /** Base64url, as the authenticator made it up. */
    credentialId: text().notNull(),
    /** COSE key, base64url. */
    publicKey: text().notNull(),
    /** Signatures it has made, as it says; 0 for those that do not count. */
    counter: int().notNull(),
    transports: json<string[]>().notNull().default([]),
    /** As its owner calls it. */
    name: text().notNull(),
    /** Whether it is copied between devices of its owner. */
    isBackedUp: bool().notNull().default(false),
    /** Null until it was used. */
    lastUsedAt: time(),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('passkeys_credential').on(t.credentialId), index('passkeys_account').on(t.accountId)]
)

/** Challenges that were answered, until they would have ended anyway: each is answered once. */
export const usedChallenges = table(
  'used_challenges',
  {
    /** SHA-256, hex. */
    challengeHash: text().primaryKey(),
    expiresAt: time().notNull()
  },
  (t) => [index('used_challenges_end').on(t.expiresAt)]
)

/** Somebody knew a password and has still to show the second factor, in the browser that holds the token. */
export const signInSteps = table(
  'sign_in_steps',
  {
    /** SHA-256 of the cookie's token, hex. */
    tokenHash: text().primaryKey(),
    accountId: int()
      .notNull()
      .references(() => users.accountId, { onDelete: 'cascade' }),
    /** Wrong answers so far. */
    failures: int().notNull().default(0),
    createdAt: time().notNull(),
    expiresAt: time().notNull()
  },
  (t) => [index('sign_in_steps_account').on(t.accountId), index('sign_in_steps_end').on(t.expiresAt)]
)

/** How somebody signed in, or tried to; only the newest of an account are kept. */
export const signInAttempts = table(
  'sign_in_attempts',
  {
    id: int().primaryKey(),
    /** Null for a name nobody has: written all the same, so that time tells nothing. */
    accountId: int().references(() => users.accountId, { onDelete: 'cascade' }),
    way: text<'password' | 'code' | 'recovery-code' | 'passkey'>().notNull(),
    isGood: bool().notNull(),
    userAgent: text().notNull().default(''),
    address: text().notNull().default(''),
    createdAt: time().notNull()
  },
  (t) => [index('sign_in_attempts_account').on(t.accountId, t.id)]
)
