import type { FastifyReply, FastifyRequest } from 'fastify'
import { filterLimits, filterPlaces } from '#server/filters/limits.ts'
import { getOriginal } from '#server/posts/find-post.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { cameFrom, safePath } from '#server/web/return-to.ts'
import type { Typed } from '#server/web/typed.ts'
import { type FilterStart, toFilterFields } from '#server/web/views/filter-fields.ts'
import type { SettingsFilterView } from '#server/web/views/filter-views.ts'

const excerptCharactersMax = 140
/** Tags of a post that are offered as words. */
const tagsOffered = 5

type Rest = Pick<SettingsFilterView, 'heading' | 'path' | 'post' | 'posts' | 'other' | 'deletePath'>

/** The form of a filter with what it begins with. */
export async function showForm(
  request: FastifyRequest,
  reply: FastifyReply,
  typed: Typed,
  start: FilterStart,
  rest: Rest,
  status = typed.status
): Promise<FastifyReply> {
  const view = {
    tabs: settingsTabs(request, 'filters'),
    error: typed.error,
    back: safePath(typed.form.text('back')) ?? cameFrom(request) ?? '/settings/filters',
    titleCharactersMax: filterLimits.titleCharactersMax,
    keywordCharactersMax: filterLimits.keywordCharactersMax,
    ...toFilterFields(typed, start, request.t),
    ...rest
  }
  return page(reply, 'settings-filter', view, { title: view.heading, status })
}

/** What a new filter begins with: it folds posts away everywhere. */
export function filterStartOf(tags: readonly string[]): FilterStart {
  return {
    title: '',
    keywords: tags.slice(0, tagsOffered).map((tag) => ({ keyword: `#${tag}`, isWholeWord: true })),
    action: 'warn',
    places: filterPlaces
  }
}

/** The post a new filter is to hold, as its form shows it. Refusal `missing` for one that is not for the reader. */
export async function postToFilter(
  { who, server, t }: FastifyRequest,
  postId: number,
  typed: Typed
): Promise<NonNullable<SettingsFilterView['post']>> {
  const post = await getOriginal(server.ctx.db, who!.account.id, postId)
  const text = post.warning || htmlToText(post.html, excerptCharactersMax).replace(/\s+/g, ' ')
  return { id: String(post.id), text: text || t('post.withoutText'), check: typed.check('withPost', true) }
}
