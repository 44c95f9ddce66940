import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import type { MentionedAccount } from '#server/posts/render-text.ts'

/** Resolved mentions as the renderer takes them: the profile page on the account's own server. */
export function mentionLinks(ctx: Context, mentioned: ReadonlyMap<string, Account>): Map<string, MentionedAccount> {
  return new Map([...mentioned].map(([handle, account]) => [handle, { name: account.name, url: profileUrl(ctx, account) }]))
}

function profileUrl(ctx: Context, account: Account): string {
  return account.domain === null ? `${ctx.config.origin}/@${account.name}` : (account.url ?? account.uri)
}
