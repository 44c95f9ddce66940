import { avatarKeysOf } from '#server/accounts/avatars.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { cleanName } from '#server/platform/clean-text.ts'
import type { AccountView } from '#server/web/views/account-view.ts'
import { emojiText } from '#server/web/views/show-emoji.ts'

/** Accounts as templates show them, in the order given; the pictures of all are looked up at once. */
export async function viewAccounts(ctx: Context, accounts: readonly Account[]): Promise<AccountView[]> {
  const keys = await avatarKeysOf(ctx.db, accounts)
  return accounts.map((account) => toAccountView(account, keys.get(account.id)))
}

/** One account, when the key of its picture is known already (undefined: it has none). */
export function toAccountView(account: Account, avatarKey: string | undefined): AccountView {
  const name = displayNameOf(account)
  return {
    id: String(account.id),
    name,
    nameHtml: nameHtmlOf(account),
    handle: handleOf(account),
    avatarUrl: avatarKey && `/media/${avatarKey}`,
    initial: initialOf(name),
    path: `/${handleOf(account)}`,
    isBot: account.type === 'Service' || account.type === 'Application'
  }
}

/** Never empty: whoever gave no name is called by the name in the handle. */
export function displayNameOf(account: Account): string {
  return cleanName(account.displayName) || account.name
}

/** The same as HTML, with custom emoji. */
export function nameHtmlOf(account: Account): string {
  return emojiText(displayNameOf(account), account.emojis)
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

function initialOf(name: string): string {
  for (const { segment } of graphemes.segment(name))
    if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(segment)) return segment.toUpperCase()
  return '?'
}
