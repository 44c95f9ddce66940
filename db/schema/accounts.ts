import { sql } from 'drizzle-orm'
import type { EmojiUse } from '#db/schema/emoji.ts'
import { bool, index, int, json, table, text, time, uniqueIndex } from '#db/table.ts'

export type ActorType = 'Person' | 'Service' | 'Application' | 'Group' | 'Organization'
export interface ProfileField {
  name: string
  valueHtml: string
  verifiedAt?: number
}

/** Everybody we know: our own people, remote actors, and the instance actor. Ours are never deleted, so that a name is never used twice; those of elsewhere go when nothing hangs on them (server/retention/). */
export const accounts = table(
  'accounts',
  {
    id: int().primaryKey(),
    /** Local part of the handle as its owner writes it; `nameKey` is its lower case. */
    name: text().notNull(),
    nameKey: text().notNull(),
    /** Host of the handle, normalised; null for our own accounts. */
    domain: text(),
    /** The actor's id. */
    uri: text().notNull(),
    /** Host of the actor's id, normalised, which may differ from that of the handle; null for our own accounts. */
    host: text(),
    /** Address of the profile page; null when the actor names none. */
    url: text(),
    type: text<ActorType>().notNull().default('Person'),
    displayName: text().notNull().default(''),
    /** Sanitised HTML. */
    bioHtml: text().notNull().default(''),
    /** What a local person typed; null for remote accounts. */
    bioText: text(),
    fields: json<ProfileField[]>().notNull().default([]),
    /** When the pages its fields link to were last asked whether they link back (rel=me); null for never. */
    linksCheckedAt: time(),
    /** Media row of the avatar; null shows the placeholder. */
    avatarId: int(),
    headerId: int(),
    isLocked: bool().notNull().default(false),
    isDiscoverable: bool().notNull().default(true),
    isIndexable: bool().notNull().default(false),
    /** Its server says that its owner has died. */
    isMemorial: bool().notNull().default(false),
    /** Custom emoji in name, biography and fields; null when there are none. */
    emojis: json<EmojiUse[]>(),
    /** Null for our own accounts, whose addresses derive from the name. */
    inboxUrl: text(),
    sharedInboxUrl: text(),
    outboxUrl: text(),
    followersUrl: text(),
    followingUrl: text(),
    featuredUrl: text(),
    alsoKnownAs: json<string[]>().notNull().default([]),
    /** Hosts of sites that may name it as who wrote their pages; null for none. */
    attributionDomains: json<string[]>(),
    /** Where the account moved; null when it did not. */
    movedToUri: text(),
    followersCount: int().notNull().default(0),
    followingCount: int().notNull().default(0),
    postsCount: int().notNull().default(0),
    /** When it came to exist (remote: as published, else first seen). */
    createdAt: time().notNull(),
    /** Null for our own; else when the actor document was last read from its origin. */
    fetchedAt: time(),
    /** Set while a moderator here, or (remote) its own server, has it suspended. */
    suspendedAt: time(),
    suspendedBy: text<'here' | 'origin'>(),
    silencedAt: time(),
    /** The hardest limit on the domain of the handle or the host of the actor; null for none. Kept true by moderation/domain-severity.ts. */
    domainSeverity: text<'suspend' | 'silence'>(),
    /** Set once erased: only the name and the id stay. */
    deletedAt: time()
  },
  (t) => [
    uniqueIndex('accounts_uri').on(t.uri),
    uniqueIndex('accounts_local_name').on(t.nameKey).where(sql`domain is null`),
    index('accounts_handle').on(t.nameKey, t.domain),
    index('accounts_domain').on(t.domain),
    index('accounts_host').on(t.host),
    index('accounts_suspended').on(t.id).where(sql`suspended_at is not null`)
  ]
)

/** Keys of actors: ours with the sealed private part, remote ones as their actor document lists them. */
export const accountKeys = table(
  'account_keys',
  {
    id: int().primaryKey(),
    accountId: int()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** The key's id as it stands in keyId. */
    uri: text().notNull(),
    kind: text<'rsa' | 'ed25519'>().notNull(),
    /** SPKI PEM. */
    publicPem: text().notNull(),
    /** PKCS#8 sealed with the instance secret; null for remote keys. */
    privateSealed: text(),
    createdAt: time().notNull()
  },
  (t) => [uniqueIndex('account_keys_of').on(t.accountId, t.uri), index('account_keys_uri').on(t.uri)]
)
