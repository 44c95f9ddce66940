import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TrendKind } from '#db/schema/trends.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { hasRole } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { findPost } from '#server/posts/find-post.ts'
import { changeTrends, decideTrend } from '#server/trends/decide-trend.ts'
import { trendsForReview, type TrendRow } from '#server/trends/list-trends.ts'
import { trendsMode, trendsModes } from '#server/trends/mode.ts'
import { admins, moderators } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { type AdminTrendRow, type AdminTrendsView, viewAdminTrend } from '#server/web/admin/views/trends-view.ts'
import { askedOf } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

const kinds: readonly [TrendKind, ...TrendKind[]] = ['tag', 'link', 'post']
const textCharactersShown = 160

/** What many talk about, for moderators to let through or not. */
export function trendRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/trends', { config: moderators }, blank(show))

  app.post(
    '/trends',
    { config: admins },
    submitted(show, async (request, reply, form) => {
      await changeTrends(ctx, request.who!, { mode: form.text('mode') })
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect('/admin/trends', 303)
    })
  )

  for (const verdict of ['approval', 'rejection'] as const) {
    app.post(`/trends/${verdict}`, { config: moderators }, async (request, reply) => {
      const kind = kinds.find((each) => each === request.form.text('kind'))
      const key = request.form.text('key')
      if (!kind) throw new Refusal('missing', 'errors.missing')
      await decideTrend(ctx, request.who!, { kind, key, isApproved: verdict === 'approval' })
      setFlash(reply, 'good', verdict === 'approval' ? 'flash.trendApproved' : 'flash.trendRejected')
      return reply.redirect(`/admin/trends?kind=${kind}`, 303)
    })
  }
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server, who } = request
  const { ctx } = server
  const kind = askedOf(request, 'kind', kinds)
  const mode = await trendsMode(ctx)
  const options = trendsModes.map((value) => ({ value, label: t(`admin.trends-${value}`), hint: t(`admin.trendsHint-${value}`) }))
  const view: AdminTrendsView = {
    adminTabs: await adminTabs(request, 'trends'),
    path: '/admin/trends',
    error: typed.error,
    mode: hasRole(who, 'admin') ? typed.choice('mode', options, mode) : undefined,
    kinds: kinds.map((each) => ({ path: `/admin/trends?kind=${each}`, label: t(`admin.trendKind-${each}`), isCurrent: each === kind })),
    trends: await viewRows(request, await trendsForReview(ctx.db, kind)),
    emptyText: t(mode === 'off' ? 'admin.trendsOff' : 'admin.trendsEmpty'),
    isOff: mode === 'off'
  }
  return page(reply, 'admin/trends', view, { title: t('admin.trends'), status: typed.status })
}

/** A post is shown by the first of its text; one that is gone since is left out. */
async function viewRows(request: FastifyRequest, rows: readonly TrendRow[]): Promise<AdminTrendRow[]> {
  const { db } = request.server.ctx
  const isOfPosts = rows[0]?.kind === 'post'
  if (!isOfPosts) return rows.map((row) => viewAdminTrend(request, row))
  const found = await Promise.all(rows.map(({ key }) => findPost(db, undefined, Number(key))))
  const details = new Map(
    (
      await loadPosts(
        db,
        undefined,
        found.flatMap((post) => post ?? [])
      )
    ).map((each) => [String(each.post.id), each])
  )
  return rows.flatMap((row) => {
    const each = details.get(row.key)
    if (!each) return []
    const handle = handleOf(each.author)
    const text = `${handle}: ${htmlToText(each.post.html, textCharactersShown)}`
    return { ...viewAdminTrend(request, row, text), path: `/${handle}/${row.key}` }
  })
}
