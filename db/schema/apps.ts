import { users } from '#db/schema/sign-in.ts'
import { index, int, json, table, text, time, uniqueIndex } from '#db/table.ts'

/** Programs that introduced themselves (RFC 7591 in the shape clients know). Anybody may, so that a row says nothing of whether anybody uses it. */
export const apps = table(
  'apps',
  {
    id: int().primaryKey(),
    name: text().notNull(),
    /** Address of the web; null when the app gave none. */
    website: text(),
    /** Byte for byte as they were registered: an authorization goes to one of these and nowhere else. */
    redirectUris: json<string[]>().notNull(),
    /** The most it may ever ask for. */
    scopes: json<string[]>().notNull(),
    clientId: text().notNull(),
    /** SHA-256 of the secret, hex. */
    secretHash: text().notNull(),
    createdAt: time().notNull(),
    /** When somebody last allowed it; null while nobody has. */
    allowedAt: time()
  },
  (t) => [uniqueIndex('apps_client').on(t.clientId), index('apps_allowed').on(t.allowedAt, t.createdAt)]
)

/** What an app is handed through the browser of whoever allowed it, and gives for a token within minutes (RFC 6749, section 4.1). */
export const appCodes = table(
  'app_codes',
  {
    id: int().primaryKey(),
    /** SHA-256, hex. */
    codeHash: text().notNull(),
    appId: int()
      .notNull()
      .references(() => apps.id, { onDelete: 'cascade' }),
    accountId: int()
      .notNull()
      .references(() => users.accountId, { onDelete: 'cascade' }),
    /** Where it was sent; it is taken only with the same one. */
    redirectUri: text().notNull(),
    scopes: json<string[]>().notNull(),
    /** SHA-256 of the verifier, base64url (RFC 7636, S256); null where the app sent none. */
    codeChallenge: text(),
    createdAt: time().notNull(),
    expiresAt: time().notNull(),
    /** When it was first given in; kept a while, so that a second time is noticed. */
    usedAt: time()
  },
  (t) => [
    uniqueIndex('app_codes_code').on(t.codeHash),
    index('app_codes_app').on(t.appId),
    index('app_codes_account').on(t.accountId),
    index('app_codes_end').on(t.expiresAt)
  ]
)

/** What an app acts with (RFC 6750), until it is taken back. */
export const appTokens = table(
  'app_tokens',
  {
    id: int().primaryKey(),
    /** SHA-256, hex: a stolen database opens nothing. */
    tokenHash: text().notNull(),
    appId: int()
      .notNull()
      .references(() => apps.id, { onDelete: 'cascade' }),
    /** On whose behalf; null for the app itself (RFC 6749, section 4.4). */
    accountId: int().references(() => users.accountId, { onDelete: 'cascade' }),
    /** The code it was given for; null for the app itself. */
    codeId: int(),
    scopes: json<string[]>().notNull(),
    createdAt: time().notNull(),
    /** Written once an hour at most; null until it was used. */
    lastUsedAt: time(),
    /** Kept a while after, so that its app learns why it is refused. */
    revokedAt: time()
  },
  (t) => [
    uniqueIndex('app_tokens_token').on(t.tokenHash),
    index('app_tokens_app').on(t.appId, t.accountId),
    index('app_tokens_account').on(t.accountId),
    index('app_tokens_code').on(t.codeId),
    index('app_tokens_revoked').on(t.revokedAt)
  ]
)
