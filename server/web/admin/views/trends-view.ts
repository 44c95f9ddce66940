import type { FastifyRequest } from 'fastify'
import type { TrendKind } from '#db/schema/trends.ts'
import type { TrendRow } from '#server/trends/list-trends.ts'
import type { AdminView } from '#server/web/admin/views/admin-views.ts'
import { shownLink } from '#server/web/views/explore-views.ts'
import type { ChoiceView } from '#server/web/views/form-view.ts'
import type { TabView } from '#server/web/views/page-views.ts'

export interface AdminTrendsView extends AdminView {
  path: string
  error: string | undefined
  /** How trends are shown; undefined for those who may not change it. */
  mode: ChoiceView | undefined
  kinds: TabView[]
  trends: AdminTrendRow[]
  emptyText: string
  /** True while trends are off: nothing is counted then. */
  isOff: boolean
}

export interface AdminTrendRow {
  label: string
  path: string
  /** "12 people, 30 posts" and what was decided. */
  text: string
  state: string
  isApproved: boolean
  isRejected: boolean
  /** POST with `kind`, `key` and `verdict`. */
  kind: TrendKind
  key: string
  approveName: string
  rejectName: string
}

/** A trend as moderators see it; of a post the first of its text stands for it. */
export function viewAdminTrend(
  { t }: FastifyRequest,
  { kind, key, people, posts, isApproved, score }: TrendRow,
  text?: string
): AdminTrendRow {
  const label = kind === 'tag' ? `#${key}` : kind === 'link' ? shownLink(key) : (text ?? key)
  const state = isApproved === null ? 'waiting' : isApproved ? 'approved' : 'rejected'
  return {
    label,
    path: kind === 'tag' ? `/tags/${encodeURIComponent(key)}` : kind === 'link' ? key : `/posts/${key}`,
    text: score > 0 ? t('explore.figures', { people, posts }) : t('admin.trendOver'),
    state: t(`admin.trend-${state}`),
    isApproved: isApproved === true,
    isRejected: isApproved === false,
    kind,
    key,
    approveName: t('admin.trendApproveName', { trend: label }),
    rejectName: t('admin.trendRejectName', { trend: label })
  }
}
