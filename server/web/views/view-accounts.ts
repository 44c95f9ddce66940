import { avatarKeysOf } from '#server/accounts/avatars.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { cleanName } from '#server/platform/clean-text.ts'
import { Kept } from '#server/platform/kept.ts'
import { type EmojiBook, emojiBook } from '#server/emoji/emoji-book.ts'
import type { AccountView } from '#server/web/views/account-view.ts'
import { emojiPicture, emojiText } from '#server/web/views/show-emoji.ts'

/** Accounts as templates show them, in the order given; the pictures of all are looked up at once. */
export async function viewAccounts(ctx: Context, accounts: readonly Account[]): Promise<AccountView[]> {
  const [keys, book] = await Promise.all([avatarKeysOf(ctx.db, accounts), emojiBook(ctx)])
  return accounts.map((account) => toAccountView(account, keys.get(account.id), book))
}

/** One account, when the key of its picture is known already (undefined: it has none). */
export function toAccountView(account: Account, avatarKey: string | undefined, book: EmojiBook): AccountView {
  const handle = handleOf(account)
  return {
    id: String(account.id),
    ...shownName(account, book),
    handle,
    avatarUrl: avatarKey && `/media/${avatarKey}`,
    path: `/${handle}`,
    isBot: account.type === 'Service' || account.type === 'Application'
  }
}

type Named = Pick<Account, 'name' | 'displayName' | 'emojis'>

/** Names are taken apart letter by letter, and the same people stand on every page. */
const shownNamesMax = 5_000
const shownNames = new Kept<Pick<AccountView, 'name' | 'nameHtml' | 'initial'>>(shownNamesMax)

function shownName(account: Named, book: EmojiBook): Pick<AccountView, 'name' | 'nameHtml' | 'initial'> {
  const pictures = account.emojis?.map((use) => [use.shortcode, emojiPicture(use, book)]) ?? []
  const key = JSON.stringify([account.name, account.displayName, pictures])
  const known = shownNames.find(key)
  if (known) return known
  const name = spokenNameOf(account)
  return shownNames.keep(key, { name, nameHtml: nameHtmlOf(account, book), initial: initialOf(name) })
}

/** Never empty: whoever gave no name is called by the name in the handle. */
export function displayNameOf(account: Named): string {
  return cleanName(account.displayName) || account.name
}

/** The same as HTML, with custom emoji; each emoji stands in an element of its own, which a reader may have hidden. */
export function nameHtmlOf(account: Named, book: EmojiBook): string {
  return emojiText(displayNameOf(account), account.emojis, book).replace(namePictures, '<span class="name-emoji">$&</span>')
}

/** A name for labels that are read out: without emoji, unless nothing else is in it. */
function spokenNameOf(account: Named): string {
  const spoken = displayNameOf(account).replace(spokenPictures, ' ').replace(/\s+/g, ' ').trim()
  return /[\p{L}\p{N}]/u.test(spoken) ? spoken : account.name
}

const namePictures = /<img class="emoji[^>]*>|\p{RGI_Emoji}/gv
const spokenPictures = /:[A-Za-z0-9_+\-]{1,64}:|\p{RGI_Emoji}/gv

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

function initialOf(name: string): string {
  for (const { segment } of graphemes.segment(name))
    if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(segment)) return segment.toUpperCase()
  return '?'
}
