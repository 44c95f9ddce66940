import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { deleteDraft } from '#server/drafts/delete-draft.ts'
import { contentOf } from '#server/drafts/draft-content.ts'
import { drafted, getDraft, scheduled } from '#server/drafts/find-draft.ts'
import { publishDraft } from '#server/drafts/publish-draft.ts'
import { unscheduleDraft } from '#server/drafts/schedule-draft.ts'
import { Refusal } from '#server/errors.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { published } from '#server/web/pages/compose.ts'
import { asTyped, showComposer } from '#server/web/pages/show-composer.ts'
import { Typed } from '#server/web/typed.ts'
import { formOfDraft } from '#server/web/views/draft-fields.ts'
import { failureOf, viewDrafts } from '#server/web/views/view-drafts.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const lists = { '/drafts': { list: drafted, name: 'drafts' }, '/drafts/scheduled': { list: scheduled, name: 'scheduled' } } as const

/** What one has written and not published: kept, or waiting for its time. */
export function draftRoutes(app: FastifyInstance, ctx: Context): void {
  for (const [path, { list, name }] of Object.entries(lists)) {
    app.get(path, { config }, async (request, reply) => {
      const { t } = request
      const view = {
        heading: t(`draft.${name}`),
        lead: t(`draft.${name}Lead`),
        tabs: Object.entries(lists).map(([tab, each]) => ({ path: tab, label: t(`draft.${each.name}`), isCurrent: tab === path })),
        drafts: await viewDrafts(request, await list(ctx.db, request.who!.account.id)),
        emptyText: t(`draft.${name}Empty`)
      }
      return page(reply, 'drafts', view, { title: view.heading })
    })
  }

  app.get<IdRequest>('/drafts/:id', { config }, async (request, reply) => {
    const draft = await asked(request)
    const error = failureOf(request, draft)
    return showComposer(request, reply, asTyped(formOfDraft(draft, request.t.timeZone)), { draft: { id: draft.id, error } })
  })

  app.post<IdRequest>('/drafts/:id/publish', { config }, async (request, reply) => {
    const draft = await askedStill(request, reply)
    if (!draft) return reply.redirect('/drafts/scheduled', 303)
    try {
      return await published(request, reply, await publishDraft(ctx, request.who!, { key: draft.key, content: contentOf(draft) }))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const typed = new Typed(formOfDraft(draft, request.t.timeZone), error, request.t)
      return showComposer(request, reply, typed, { draft: { id: draft.id, error: undefined } })
    }
  })

  app.post<IdRequest>('/drafts/:id/unschedule', { config }, async (request, reply) => {
    const draft = await askedStill(request, reply)
    if (!draft) return reply.redirect('/drafts/scheduled', 303)
    await unscheduleDraft(ctx, request.who!, { draftId: draft.id })
    setFlash(reply, 'good', 'flash.draftUnscheduled')
    return reply.redirect(`/drafts#draft-${draft.id}`, 303)
  })

  app.get<IdRequest>('/drafts/:id/delete', { config }, async (request, reply) => {
    const { t } = request
    const draft = await asked(request)
    const [card] = await viewDrafts(request, [draft])
    const view = {
      heading: t('draft.deleteHeading'),
      consequences: [t('draft.deleteConsequence')],
      quoted: card!.text,
      path: `/drafts/${draft.id}/delete`,
      label: t('draft.deleteSubmit'),
      isDangerous: true,
      cancelPath: draft.isScheduled ? '/drafts/scheduled' : '/drafts',
      hidden: [],
      post: undefined,
      account: undefined
    }
    return page(reply, 'confirm', view, { title: view.heading })
  })

  app.post<IdRequest>('/drafts/:id/delete', { config }, async (request, reply) => {
    const draft = await askedStill(request, reply)
    if (!draft) return reply.redirect('/drafts', 303)
    await deleteDraft(ctx, request.who!, { draftId: draft.id })
    setFlash(reply, 'good', 'flash.draftDeleted')
    return reply.redirect(draft.isScheduled ? '/drafts/scheduled' : '/drafts', 303)
  })
}

/** The draft in the address: one's own. Refusal('missing') for any other. */
export function asked(request: FastifyRequest<IdRequest>) {
  return getDraft(request.server.ctx.db, request.who!.account.id, idAsked(request, 'errors.draftMissing'))
}

/** The same for a button that may be pressed twice, or after its time has come: that the draft is gone is said on the next page. */
async function askedStill(request: FastifyRequest<IdRequest>, reply: FastifyReply) {
  try {
    return await asked(request)
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== 'missing') throw error
    setFlash(reply, 'plain', 'flash.draftGone')
    return undefined
  }
}
