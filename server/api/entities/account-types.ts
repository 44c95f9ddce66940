/** The entities of accounts in the client API: names and types are those that apps know, every documented field is there, arrays are never null. */
export interface AccountEntity {
  /** Decimal, and never a JSON number. */
  id: string
  username: string
  /** `ana` for ours, `ana@host` for others. */
  acct: string
  /** May be empty. */
  display_name: string
  locked: boolean
  bot: boolean
  group: boolean
  discoverable: boolean
  indexable: boolean
  noindex: boolean
  hide_collections: boolean | null
  /** ISO 8601, at midnight. */
  created_at: string
  /** HTML. */
  note: string
  url: string
  uri: string
  avatar: string
  avatar_static: string
  avatar_description: string
  header: string
  header_static: string
  header_description: string
  followers_count: number
  following_count: number
  statuses_count: number
  /** A day, `2026-11-24`. */
  last_status_at: string | null
  emojis: EmojiEntity[]
  fields: FieldEntity[]
  roles: { id: string; name: string; color: string }[]
  memorial?: boolean
  suspended?: boolean
  limited?: boolean
  moved?: AccountEntity
}

export interface FieldEntity {
  name: string
  /** HTML; plain text in `source`. */
  value: string
  verified_at: string | null
}

export interface EmojiEntity {
  shortcode: string
  url: string
  static_url: string
  visible_in_picker: boolean
  category: string | null
}

/** What its owner alone is told. */
export interface CredentialAccountEntity extends AccountEntity {
  source: {
    privacy: 'public' | 'unlisted' | 'private' | 'direct'
    sensitive: boolean
    /** Null where they did not say. */
    language: string | null
    note: string
    fields: FieldEntity[]
    follow_requests_count: number
    hide_collections: boolean
    discoverable: boolean
    indexable: boolean
    attribution_domains: string[]
    quote_policy: string
  }
  role: { id: string; name: string; color: string; permissions: string; highlighted: boolean }
}
