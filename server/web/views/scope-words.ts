import { type Scope, widestOf } from '#server/apps/scopes.ts'
import type { Translate } from '#server/platform/messages.ts'

/** What an app may do, a sentence each; what a wider one says already is not said again. */
export function scopeWords(scopes: readonly Scope[], t: Translate): string[] {
  return widestOf(scopes).map((scope) => t(`scope.${scope.replaceAll(':', '-').replaceAll('_', '-')}`))
}
