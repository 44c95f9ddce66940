import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { Context } from '#server/context.ts'
import { checkEach } from '#server/errors.ts'
import { limitDomain, readOtherDomain } from '#server/moderation/limit-domain.ts'
import { pageDomainLimits } from '#server/moderation/list-domain-limits.ts'
import { unlimitDomain } from '#server/moderation/unlimit-domain.ts'
import { countKnownAt } from '#server/peers/count-known.ts'
import { moderators } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { asked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { redirectBack } from '#server/web/return-to.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const severities = ['silence', 'suspend'] as const

/** Limits on other servers. */
export function domainRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/domains', { config: moderators }, blank(show))

  app.post(
    '/domains',
    { config: moderators },
    submitted(show, async (request, reply, form) => {
      const { domain: asked, typed } = checkEach({
        domain: () => readOtherDomain(ctx, form.text('domain')),
        typed: () =>
          form.parse({
            severity: v.picklist(severities, 'form.invalid'),
            reason: v.pipe(v.string(), v.trim(), v.minLength(1, 'form.required'))
          })
      })
      const domain = await limitDomain(ctx, request.who!, { ...typed, domain: asked })
      setFlash(reply, 'good', typed.severity === 'suspend' ? 'flash.domainSuspended' : 'flash.domainSilenced', { domain })
      return reply.redirect('/admin/domains', 303)
    })
  )

  app.post<{ Params: { domain: string } }>('/domains/:domain/lift', { config: moderators }, async (request, reply) => {
    const { domain } = request.params
    await unlimitDomain(ctx, request.who!, { domain, reason: request.form.text('reason') })
    setFlash(reply, 'good', 'flash.domainLifted', { domain })
    return redirectBack(request, reply, { otherwise: '/admin/domains' })
  })
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server } = request
  const { ctx } = server
  const query = asked(request, 'q')
  const after = asked(request, 'after')
  const { rows, nextAfter } = await pageDomainLimits(ctx.db, { query, after })
  const counts = await Promise.all(rows.map(({ domain }) => countKnownAt(ctx.db, domain)))
  // The form is filled for somebody who came to limit, or to change, this one.
  const asking = asked(request, 'domain')
  const limit = rows.find(({ domain }) => domain === asking)
  const pathWith = (name: string, value: string) =>
    `/admin/domains?${new URLSearchParams({ ...(query === '' ? {} : { q: query }), [name]: value })}`
  const view = {
    adminTabs: await adminTabs(request, 'domains'),
    path: '/admin/domains',
    error: typed.error,
    query: { value: query, error: undefined },
    domain: typed.input('domain', asking),
    severity: typed.choice(
      'severity',
      severities.map((value) => ({ value, label: t(`admin.severity-${value}`), hint: t(`admin.severityHint-${value}`) })),
      limit?.severity ?? 'silence'
    ),
    reason: typed.input('reason', limit?.reason),
    blocks: rows.map(({ domain, severity, reason, createdAt }, at) => ({
      domain,
      changePath: `${pathWith('domain', domain)}#limit`,
      severityText: t(`admin.severityDone-${severity}`),
      reason,
      time: viewTime(request, createdAt),
      accountCount: counts[at] ?? 0,
      liftPath: `/admin/domains/${encodeURIComponent(domain)}/lift`
    })),
    pager: {
      olderPath: nextAfter === undefined ? undefined : pathWith('after', nextAfter),
      newestPath: after === '' ? undefined : `/admin/domains${query === '' ? '' : `?${new URLSearchParams({ q: query })}`}`
    }
  }
  return page(reply, 'admin/domains', view, { title: t('admin.domains'), status: typed.status })
}
