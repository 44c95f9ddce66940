import { profilePicturesOf } from '#server/accounts/avatars.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import { isHidden, shownPartOf } from '#server/accounts/shown-account.ts'
import type { Account, Person } from '#server/accounts/who.ts'
import type { AccountEntity, CredentialAccountEntity, EmojiEntity, FieldEntity } from '#server/api/entities/account-types.ts'
import type { Context } from '#server/context.ts'
import { type EmojiBook, emojiBook } from '#server/emoji/emoji-book.ts'
import { countRequests } from '#server/follows/lists.ts'
import { choiceOf } from '#server/interactions/policy-choices.ts'
import { cleanName } from '#server/platform/clean-text.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { lastPostAt } from '#server/posts/last-post.ts'
import { withMe } from '#server/profiles/me-links.ts'
import { findRole } from '#server/sign-in/staff.ts'

const visibilities = { public: 'public', unlisted: 'unlisted', followers: 'private', direct: 'direct' } as const
const quotePolicies: Record<string, string> = { everybody: 'public', nobody: 'nobody' }
/** Numbers that apps know roles by. */
const roleIds = { person: '-99', moderator: '1', admin: '2', owner: '3' } as const

/** Accounts as apps are told of them. `blankUrl` stands for the pictures of those who have none. */
export async function toAccountEntities(ctx: Context, accounts: readonly Account[], blankUrl: string): Promise<AccountEntity[]> {
  const book = await emojiBook(ctx)
  return Promise.all(accounts.map((account) => toAccountEntity(ctx, account, { book, blankUrl })))
}

/** One's own account, with what only its owner may know. */
export async function toCredentialAccount(ctx: Context, { account, user }: Person, blankUrl: string): Promise<CredentialAccountEntity> {
  const [entity] = await toAccountEntities(ctx, [account], blankUrl)
  return {
    ...entity!,
    source: {
      privacy: visibilities[user.defaultVisibility],
      sensitive: user.defaultSensitive,
      language: user.defaultLanguage,
      note: account.bioText ?? '',
      fields: account.fields.map((field) => ({ ...toField(field), value: htmlToText(field.valueHtml) })),
      follow_requests_count: await countRequests(ctx.db, account.id),
      hide_collections: !user.listsFollows,
      discoverable: account.isDiscoverable,
      indexable: account.isIndexable,
      attribution_domains: account.attributionDomains ?? [],
      quote_policy: quotePolicies[choiceOf(user.defaultCanQuote)] ?? 'followers'
    },
    role: { id: roleIds[user.role], name: user.role === 'person' ? '' : user.role, color: '', permissions: '0', highlighted: false }
  }
}

interface Shelf {
  book: EmojiBook
  blankUrl: string
  /** Whether this one is told as where another moved: it leads no further. */
  isTarget?: boolean
}

async function toAccountEntity(ctx: Context, row: Account, shelf: Shelf): Promise<AccountEntity> {
  const account = shownPartOf(row)
  const { origin } = ctx.config
  const isLocal = account.domain === null
  const { avatarKey, headerKey } = await profilePicturesOf(ctx.db, account)
  const pictureUrl = (key: string | undefined) => (key === undefined ? shelf.blankUrl : `${origin}/media/${key}`)
  const lastAt = await lastPostAt(ctx.db, account.id)
  const role = isLocal ? await findRole(ctx.db, account.id) : 'person'
  return {
    id: String(account.id),
    username: account.name,
    acct: isLocal ? account.name : `${account.name}@${account.domain}`,
    display_name: cleanName(account.displayName),
    locked: account.isLocked,
    bot: account.type === 'Service' || account.type === 'Application',
    group: account.type === 'Group',
    discoverable: account.isDiscoverable,
    indexable: account.isIndexable,
    noindex: !account.isIndexable,
    hide_collections: null,
    created_at: isoDay(account.createdAt),
    note: account.bioHtml,
    url: account.url ?? account.uri,
    uri: account.uri,
    avatar: pictureUrl(avatarKey),
    avatar_static: pictureUrl(avatarKey),
    avatar_description: '',
    header: pictureUrl(headerKey),
    header_static: pictureUrl(headerKey),
    header_description: '',
    followers_count: account.followersCount,
    following_count: account.followingCount,
    statuses_count: account.postsCount,
    last_status_at: lastAt === undefined ? null : new Date(lastAt).toISOString().slice(0, 10),
    emojis: emojisOf(account, shelf.book, origin),
    fields: account.fields.map(toField).map((field) => (isLocal ? { ...field, value: withMe(field.value) } : field)),
    roles: role === 'person' ? [] : [{ id: roleIds[role], name: role, color: '' }],
    ...(account.isMemorial ? { memorial: true } : {}),
    ...(isHidden(account) ? { suspended: true } : {}),
    ...(account.silencedAt === null ? {} : { limited: true }),
    ...(await movedOf(ctx, account, shelf))
  }
}

/** To whom an account moved, where that one is known here. */
async function movedOf(ctx: Context, { movedToUri }: Account, shelf: Shelf): Promise<{ moved?: AccountEntity }> {
  const target = movedToUri === null || shelf.isTarget ? undefined : await findAccountByUri(ctx.db, movedToUri)
  return target && !isHidden(target) ? { moved: await toAccountEntity(ctx, target, { ...shelf, isTarget: true }) } : {}
}

function toField({ name, valueHtml, verifiedAt }: Account['fields'][number]): FieldEntity {
  return { name, value: valueHtml, verified_at: verifiedAt === undefined ? null : new Date(verifiedAt).toISOString() }
}

function emojisOf({ emojis }: Account, { hidden, byKey }: EmojiBook, origin: string): EmojiEntity[] {
  return (emojis ?? [])
    .filter(({ key }) => !hidden.has(key))
    .map(({ shortcode, key }) => {
      const own = byKey.get(key)
      const url = `${origin}/media/${key}`
      const isOffered = own !== undefined && !own.isOff && !own.isHidden
      return {
        shortcode,
        url,
        static_url: own?.isAnimated ? `${url}/preview` : url,
        visible_in_picker: isOffered,
        category: own?.category || null
      }
    })
}

/** The day alone, as apps expect it of accounts: at what minute somebody came is nobody's business. */
function isoDay(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 10)}T00:00:00.000Z`
}
