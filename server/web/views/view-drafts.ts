import type { FastifyRequest } from 'fastify'
import type { DraftRow } from '#server/drafts/draft-content.ts'
import { picturesOf } from '#server/drafts/find-draft.ts'
import type { DraftCardView } from '#server/web/views/draft-views.ts'
import { thumbnailSize } from '#server/web/views/to-composer.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const excerptCharactersMax = 280

/** Drafts as their author's lists show them. */
export async function viewDrafts(request: FastifyRequest, rows: readonly DraftRow[]): Promise<DraftCardView[]> {
  const { t, server } = request
  const pictures = await picturesOf(server.ctx.db, rows)
  return rows.map((draft) => {
    const path = `/drafts/${draft.id}`
    const images = draft.parts.flatMap(({ mediaIds }) => mediaIds.flatMap((id) => pictures.get(id) ?? []))
    const words = draft.parts.find((part) => part.text.trim() !== '')?.text.trim() ?? ''
    const excerpt = [...words].slice(0, excerptCharactersMax).join('')
    const text = excerpt === '' ? t('draft.withoutText') : excerpt.length < words.length ? `${excerpt}…` : excerpt
    const time = viewTime(request, draft.isScheduled ? (draft.publishAt ?? draft.updatedAt) : draft.updatedAt)
    return {
      anchor: `draft-${draft.id}`,
      path,
      text,
      warning: draft.warning,
      marks: marksOf(request, draft, images.length),
      pictures: images.map((image) => ({ url: `/media/${image.key}/preview`, ...thumbnailSize(image) })),
      time,
      timeText: t(draft.isScheduled ? 'draft.goesOut' : 'draft.saved', { time: time.text }),
      failure: failureOf(request, draft),
      open: { path, label: t(draft.isScheduled ? 'draft.change' : 'draft.writeOn'), name: nameOf(request, draft, text) },
      publishPath: draft.isScheduled ? `${path}/publish` : undefined,
      unschedulePath: draft.isScheduled ? `${path}/unschedule` : undefined,
      deletePath: `${path}/delete`
    }
  })
}

/** Why a draft was not published at its time, as a sentence; undefined when nothing failed. */
export function failureOf(request: FastifyRequest, { failure }: Pick<DraftRow, 'failure'>): string | undefined {
  if (!failure) return undefined
  return request.t('draft.failed', { time: viewTime(request, failure.at).text, reason: request.t(failure.key, failure.values) })
}

const nameWordsMax = 6

function nameOf({ t }: FastifyRequest, { isScheduled }: DraftRow, text: string): string {
  const label = t(isScheduled ? 'draft.change' : 'draft.writeOn')
  return t('draft.openName', { label, words: text.split(/\s+/).slice(0, nameWordsMax).join(' ') })
}

function marksOf({ t }: FastifyRequest, draft: DraftRow, imagesCount: number): string[] {
  return [
    ...(draft.replyToId === null ? [] : [t('draft.isReply')]),
    ...(draft.quoteId === null ? [] : [t('draft.isQuote')]),
    ...(draft.parts.length > 1 ? [t('draft.isThread', { count: draft.parts.length })] : []),
    ...(imagesCount > 0 ? [t('draft.images', { count: imagesCount })] : []),
    ...(draft.poll ? [t('draft.hasPoll')] : [])
  ]
}
