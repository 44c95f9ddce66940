import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { accountOrigins, accountStates, findAccounts } from '#server/moderation/find-accounts.ts'
import { moderators } from '#server/web/admin/access.ts'
import { accountState } from '#server/web/admin/views/account-state.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { asked, askedOf } from '#server/web/asked.ts'
import { page } from '#server/web/page.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { viewAccounts } from '#server/web/views/view-accounts.ts'
import { viewTime } from '#server/web/views/view-time.ts'

/** Everybody known here, to search and to filter. */
export function accountsRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/accounts', { config: moderators }, async (request, reply) => {
    const { t } = request
    const filter = {
      query: asked(request, 'q'),
      origin: askedOf(request, 'origin', accountOrigins),
      state: askedOf(request, 'state', accountStates)
    }
    const { rows, olderCursor } = await findAccounts(ctx.db, filter, pageAsked(request))
    const accounts = await viewAccounts(
      ctx,
      rows.map(({ account }) => account)
    )
    const option = (group: string, selected: string) => (value: string) => ({
      value,
      label: t(`admin.${group}-${value}`),
      hint: undefined,
      isSelected: value === selected
    })
    const view = {
      adminTabs: await adminTabs(request, 'accounts'),
      query: { value: filter.query, error: undefined },
      origin: { options: accountOrigins.map(option('origin', filter.origin)), error: undefined },
      state: { options: accountStates.map(option('state', filter.state)), error: undefined },
      rows: rows.map(({ account, user }, at) => {
        const state = accountState(account, user, t)
        return {
          account: accounts[at]!,
          path: `/admin/accounts/${account.id}`,
          email: user?.email,
          roleText: user ? t(`role.${user.role}`) : account.domain === null ? '' : t('admin.remote'),
          stateText: state.text,
          isBad: state.isBad,
          joined: viewTime(request, account.createdAt)
        }
      }),
      pager: toPager(request, olderCursor)
    }
    return page(reply, 'admin/accounts', view, { title: t('admin.accounts') })
  })
}
