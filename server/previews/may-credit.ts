import type { Account } from '#server/accounts/who.ts'
import { isWithinDomain } from '#server/platform/host-names.ts'
import type { PreviewRow } from '#server/previews/find-previews.ts'

/**
 * Whether an author is named beside a preview: only where they list the site themselves, both the one that the post links to and the one that answered. Else
 * any page could borrow a known name, and any address could lead to a page that bears one. Pure.
 */
export function mayCredit(
  { attributionDomains }: Pick<Account, 'attributionDomains'>,
  preview: Pick<PreviewRow, 'host' | 'answeredHost'>
): boolean {
  const hosts = [preview.host, preview.answeredHost ?? preview.host]
  return hosts.every((host) => attributionDomains?.some((domain) => isWithinDomain(host, domain)) === true)
}
