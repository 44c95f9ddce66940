import { type Scope, widestOf } from '#server/apps/scopes.ts'
import type { App } from '#server/apps/find-app.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { LinkView } from '#server/web/views/form-view.ts'

/** Where an app says that it is at home; undefined when it says nothing. */
export function websiteLink({ website }: Pick<App, 'website'>): LinkView | undefined {
  return website === null ? undefined : { path: website, label: website }
}

/** What an app may do, a sentence each; what a wider one says already is not said again. */
export function scopeWords(scopes: readonly Scope[], t: Translate): string[] {
  return widestOf(scopes).map((scope) => t(`scope.${scope.replaceAll(':', '-').replaceAll('_', '-')}`))
}
