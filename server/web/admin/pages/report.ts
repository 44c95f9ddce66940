import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { assignReport } from '#server/moderation/assign-report.ts'
import { handleReport } from '#server/moderation/handle-report.ts'
import { findNextReport } from '#server/moderation/list-reports.ts'
import { loadReport, type ReportDetails } from '#server/moderation/load-report.ts'
import { noteReport } from '#server/moderation/note-report.ts'
import { reopenReport } from '#server/moderation/reopen-report.ts'
import { moderators } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { reporterText } from '#server/web/admin/views/report-view.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { submitted, Typed } from '#server/web/typed.ts'
import type { ButtonView } from '#server/web/views/form-view.ts'
import { viewAccounts } from '#server/web/views/view-accounts.ts'
import { postPath } from '#server/web/views/view-posts.ts'
import { viewTime } from '#server/web/views/view-time.ts'

type Act = (ctx: Context, who: Who, input: { reportId: number }) => Promise<void>

/** What a moderator does with a report, as nouns below it. */
const acts: Record<string, { act: Act; flash: string }> = {
  handling: { act: handleReport, flash: 'flash.reportClosed' },
  'handling/lift': { act: reopenReport, flash: 'flash.reportReopened' },
  assignment: { act: (ctx, who, { reportId }) => assignReport(ctx, who, { reportId, isMine: true }), flash: 'flash.reportTaken' },
  'assignment/lift': {
    act: (ctx, who, { reportId }) => assignReport(ctx, who, { reportId, isMine: false }),
    flash: 'flash.reportGivenBack'
  }
}

/** One report: what was said, the posts as they were, what moderators noted, and what to do. */
export function reportRoutes(app: FastifyInstance, ctx: Context): void {
  app.get<IdRequest>('/reports/:id', { config: moderators }, (request, reply) => show(request, reply, new Typed()))

  for (const [noun, { act, flash }] of Object.entries(acts)) {
    app.post<IdRequest>(`/reports/:id/${noun}`, { config: moderators }, async (request, reply) => {
      await act(ctx, request.who!, { reportId: idAsked(request) })
      setFlash(reply, 'good', flash)
      return reply.redirect(`/admin/reports/${idAsked(request)}`, 303)
    })
  }

  app.post<IdRequest>('/reports/:id/notes', { config: moderators }, (request, reply) =>
    submitted(
      (_request, _reply, typed) => show(request, reply, typed),
      async (_request, _reply, form) => {
        await noteReport(ctx, request.who!, { reportId: idAsked(request), text: form.text('text') })
        return reply.redirect(`/admin/reports/${idAsked(request)}#notes`, 303)
      }
    )(request, reply)
  )
}

async function show(request: FastifyRequest<IdRequest>, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server } = request
  const { ctx } = server
  const details = await loadReport(ctx.db, request.who!, idAsked(request))
  const { report, target } = details
  const [account] = await viewAccounts(ctx, [target])
  const path = `/admin/reports/${report.id}`
  const nextId = await findNextReport(ctx.db, request.who!, report.id)
  const view = {
    adminTabs: await adminTabs(request, 'reports'),
    id: String(report.id),
    account: account!,
    accountPath: `/admin/accounts/${target.id}`,
    reporterText: reporterText(details.reporter, t),
    categoryText: t(`report.category-${report.category}`),
    comment: report.comment,
    time: viewTime(request, report.createdAt),
    stateText: stateOf(request, details),
    isOpen: report.handledAt === null,
    assigneeText: details.assignee && handleOf(details.assignee),
    forwardedTo: report.isForwarded ? (target.domain ?? undefined) : undefined,
    posts: details.posts.map(({ postId, copy, isGone }) => ({
      contentHtml: copy.html,
      warning: copy.warning === '' ? undefined : copy.warning,
      time: viewTime(request, copy.createdAt),
      pictures: copy.media.map(({ key, alt }) => ({
        url: isGone || target.suspendedAt !== null ? undefined : `/media/${key}/preview`,
        alt
      })),
      path: isGone ? undefined : postPath(target, postId),
      isGone
    })),
    notes: details.notes.map(({ text, createdAt, author }) => ({
      text,
      author: author ? handleOf(author) : t('admin.reporterUnknown'),
      time: viewTime(request, createdAt)
    })),
    notePath: `${path}/notes`,
    note: typed.input('text'),
    buttons: buttonsOf(request, details, path),
    links: [{ path: `/admin/accounts/${target.id}?report=${report.id}#deal`, label: t('admin.actOnAccount') }],
    next: nextId === undefined ? undefined : { path: `/admin/reports/${nextId}`, isPrimary: report.handledAt !== null }
  }
  return page(reply, 'admin/report', view, { title: t('admin.reportHeading', { handle: view.account.handle }), status: typed.status })
}

function stateOf(request: FastifyRequest, { report, handler }: ReportDetails): string {
  const { t } = request
  if (report.handledAt === null) return t('admin.reportOpen')
  const when = viewTime(request, report.handledAt).text
  return handler ? t('admin.reportClosedBy', { who: handleOf(handler), when }) : t('admin.reportClosedAt', { when })
}

function buttonsOf({ t, who }: FastifyRequest, { report, assignee }: ReportDetails, path: string): ButtonView[] {
  const button = (noun: string, label: string, tone: ButtonView['tone']) => ({
    path: `${path}/${noun}`,
    label: t(label),
    name: undefined,
    tone
  })
  if (report.handledAt !== null) return [button('handling/lift', 'admin.reportReopen', 'plain')]
  const isMine = assignee?.id === who?.account.id
  return [
    button('handling', 'admin.reportClose', 'primary'),
    isMine ? button('assignment/lift', 'admin.reportGiveBack', 'plain') : button('assignment', 'admin.reportTake', 'plain')
  ]
}
