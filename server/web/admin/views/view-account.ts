import type { FastifyRequest } from 'fastify'
import { type Account, hasRole, outranks, type Person, type User } from '#server/accounts/who.ts'
import { rolesToGive } from '#server/moderation/change-role.ts'
import { getAccountForModerator } from '#server/moderation/get-account.ts'
import { latestPosts } from '#server/moderation/latest-posts.ts'
import { listAudit } from '#server/moderation/list-audit.ts'
import { listReports } from '#server/moderation/list-reports.ts'
import { accountState } from '#server/web/admin/views/account-state.ts'
import type { AdminAccountView } from '#server/web/admin/views/admin-views.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { viewAudit } from '#server/web/admin/views/audit-view.ts'
import { reporterText } from '#server/web/admin/views/report-view.ts'
import type { ButtonView, LinkView } from '#server/web/views/form-view.ts'
import { Typed } from '#server/web/typed.ts'
import { viewAccounts } from '#server/web/views/view-accounts.ts'
import { viewPosts } from '#server/web/views/view-posts.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const blankForm = new Typed()

interface Asked {
  typed: Typed
  /** Names the form that was sent; empty when none was. */
  noun: string
  /** Of the report that its reader came from; empty for none. */
  reportId: string
}

/** One account as the panel shows it. */
export async function viewAccount(request: FastifyRequest, accountId: number, { typed, noun, reportId }: Asked): Promise<AdminAccountView> {
  const { t, server } = request
  const { ctx } = server
  const who = request.who as Person
  const { account, user, sessionCount, appCount } = await getAccountForModerator(ctx.db, who, accountId)
  const isSelf = account.id === who.account.id
  const mayAct = !isSelf && account.deletedAt === null && (user === undefined || outranks(who.user.role, user.role))
  const state = accountState(account, user, t)
  const [shown] = await viewAccounts(ctx, [account])
  const { rows: reports } = isSelf ? { rows: [] } : await listReports(ctx.db, who, { targetId: account.id })
  const { rows: audit } = await listAudit(ctx.db, { targetKind: 'account', target: String(account.id) })
  const posts = await viewPosts(request, await latestPosts(ctx.db, who, account.id))
  const path = `/admin/accounts/${account.id}`
  return {
    adminTabs: await adminTabs(request, 'accounts'),
    account: shown!,
    report: reportId === '' ? undefined : { id: reportId, path: `/admin/reports/${reportId}` },
    error: typed.error,
    stateText: state.text,
    isBad: state.isBad,
    facts: factsOf(request, account, user, { sessionCount, appCount }),
    role:
      mayAct && user && hasRole(who, 'admin')
        ? { path: `${path}/role`, choice: roleChoice(request, user, noun === 'role' ? typed : blankForm) }
        : undefined,
    acts: mayAct ? actsOf(request, account, user, path, typed, noun) : [],
    buttons: mayAct && user ? buttonsOf(request, user, sessionCount + appCount > 0, path) : [],
    links: linksOf(request, account, user, mayAct),
    reports: reports.map(({ report, reporter }) => ({
      path: `/admin/reports/${report.id}`,
      text: t('admin.reportLine', { category: t(`report.category-${report.category}`), who: reporterText(reporter, t) }),
      time: viewTime(request, report.createdAt),
      stateText: t(report.handledAt === null ? 'admin.reportOpen' : 'admin.reportClosed')
    })),
    audit: viewAudit(request, audit),
    posts: posts.map((post) => ({ ...post, actions: undefined }))
  }
}

function factsOf(
  request: FastifyRequest,
  account: Account,
  user: User | undefined,
  { sessionCount, appCount }: { sessionCount: number; appCount: number }
): AdminAccountView['facts'] {
  const { t } = request
  const number = (count: number) => t('layout.number', { count })
  const facts: [string, string | undefined][] = [
    ['admin.factHost', account.domain ?? undefined],
    ['form.email', user && t(user.emailConfirmedAt === null ? 'admin.emailUnconfirmed' : 'admin.emailConfirmed', { email: user.email })],
    ['admin.role', user && t(`role.${user.role}`)],
    [account.domain === null ? 'admin.joined' : 'admin.factSince', viewTime(request, account.createdAt).date],
    ['admin.factSeen', user && (user.lastSeenAt === null ? t('admin.never') : viewTime(request, user.lastSeenAt).text)],
    ['admin.factSessions', user && number(sessionCount)],
    ['admin.factApps', user && number(appCount)],
    ['admin.factPosts', number(account.postsCount)],
    ['admin.factFollowers', number(account.followersCount)],
    ['admin.factFollowing', number(account.followingCount)],
    ['signUp.reason', user?.signUpReason ?? undefined],
    ['admin.factAddress', user && !hasRole(request.who, 'admin') ? undefined : (user?.signUpAddress ?? undefined)],
    ['admin.factSuspended', account.suspendedAt === null ? undefined : viewTime(request, account.suspendedAt).text],
    ['admin.factSilenced', account.silencedAt === null ? undefined : viewTime(request, account.silencedAt).text],
    ['admin.factErased', account.deletedAt === null ? undefined : viewTime(request, account.deletedAt).text]
  ]
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [{ label: t(label), value }]))
}

function roleChoice({ t, who }: FastifyRequest, user: User, typed: Typed) {
  const given = rolesToGive(who as Person)
  const all = given.includes(user.role) ? given : [user.role, ...given]
  return typed.choice(
    'role',
    all.map((value) => ({ value, label: t(`role.${value}`) })),
    user.role
  )
}

function actsOf(
  { t, who }: FastifyRequest,
  account: Account,
  user: User | undefined,
  path: string,
  typed: Typed,
  noun: string
): AdminAccountView['acts'] {
  const isSuspendedHere = account.suspendedAt !== null && account.suspendedBy === 'here'
  const mayErase = isSuspendedHere && account.domain === null && hasRole(who, 'admin')
  const offered = [
    isSuspendedHere
      ? { of: 'suspension/lift', name: 'Unsuspend', isDangerous: false }
      : { of: 'suspension', name: 'Suspend', isDangerous: true },
    account.silencedAt === null
      ? { of: 'silence', name: 'Silence', isDangerous: false }
      : { of: 'silence/lift', name: 'Unsilence', isDangerous: false },
    ...(user && hasRole(who, 'admin') ? [{ of: 'factors/reset', name: 'ResetFactors', isDangerous: false }] : []),
    ...(mayErase ? [{ of: 'erasure', name: 'Erase', isDangerous: true }] : [])
  ]
  return offered.map(({ of, name, isDangerous }) => ({
    path: `${path}/${of}`,
    id: `reason-${of.replace('/', '-')}`,
    label: t(`admin.act${name}`),
    explanation: t(`admin.act${name}Explained`, { isLocal: account.domain === null ? 'yes' : 'no' }),
    isDangerous,
    reason: (noun === of ? typed : blankForm).input('reason')
  }))
}

function buttonsOf({ t }: FastifyRequest, user: User, isIn: boolean, path: string): ButtonView[] {
  const approve = {
    path: `/admin/sign-ups/${user.accountId}/approval`,
    label: t('admin.approve'),
    name: undefined,
    tone: 'primary' as const
  }
  const endSessions = { path: `${path}/sessions/end`, label: t('admin.endSessions'), name: undefined, tone: 'plain' as const }
  return [...(user.approvedAt === null ? [approve] : []), ...(isIn ? [endSessions] : [])]
}

function linksOf({ t }: FastifyRequest, account: Account, user: User | undefined, mayAct: boolean): LinkView[] {
  if (account.domain !== null) {
    const domain = {
      path: `/admin/domains?domain=${encodeURIComponent(account.domain)}#limit`,
      label: t('admin.limitDomain', { domain: account.domain })
    }
    return [domain]
  }
  return mayAct && user?.approvedAt === null ? [{ path: '/admin/sign-ups', label: t('admin.signUps') }] : []
}
