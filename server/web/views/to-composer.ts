import type { FastifyRequest } from 'fastify'
import type { Visibility } from '#db/schema/posts.ts'
import { imageTypesTaken } from '#server/media/image-kinds.ts'
import { previewSizeOf } from '#server/media/preview-size.ts'
import type { Media } from '#server/media/upload-image.ts'
import type { Poll } from '#server/polls/find-poll.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { usualVisibility } from '#server/posts/usual-visibility.ts'
import type { Translate } from '#server/platform/messages.ts'
import { threadPartsMax } from '#server/posts/prepare-post.ts'
import { Typed } from '#server/web/typed.ts'
import { toComposerMore } from '#server/web/views/composer-more.ts'
import type { ComposerImageView, ComposerPartView, ComposerView } from '#server/web/views/composer-view.ts'
import { countParts, partFields } from '#server/web/views/draft-fields.ts'
import { focusChoice } from '#server/web/views/focus-choice.ts'
import { visibilityChoice } from '#server/web/views/visibility-view.ts'

/** Longest side (CSS pixels) of the small pictures in the composer. */
const thumbnailMax = 160
const rowsOfFirst = 4
const rowsOfOthers = 3
const visibilities = ['public', 'unlisted', 'followers', 'direct']

export interface ComposerOptions {
  kind: ComposerView['kind']
  /** Where it posts; `/posts` when absent. */
  path?: string
  /** What stands in it before anything was typed. */
  text?: string
  warning?: string
  visibility?: Visibility
  /** What it answers or quotes stays here, and so does this. */
  isLocalOnly?: boolean
  /** The pictures, part by part. */
  images?: readonly (readonly Media[])[]
  /** What the post asks already. */
  poll?: Poll
  replyTo?: ComposerView['replyTo']
  quote?: ComposerView['quote']
  /** The post that is edited. */
  post?: PostRow
  isOpen?: boolean
  /** The form as it was sent, with what was wrong. */
  typed?: Typed
}

/** The composer, blank or as it was sent: nothing typed is lost. */
export async function toComposer(request: FastifyRequest, options: ComposerOptions): Promise<ComposerView> {
  const { ctx } = request.server
  const { kind, typed = new Typed() } = options
  const { postCharactersMax } = await ctx.settings.get()
  const typedVisibility = typed.isSent ? typed.form.text('visibility') : ''
  const visibility = visibilities.includes(typedVisibility)
    ? (typedVisibility as Visibility)
    : (options.visibility ?? (request.who ? usualVisibility(request.who.user) : 'public'))
  const parts = toParts(request, options)
  const more = toComposerMore(request, options)
  const isTimed = more.schedule !== undefined && more.schedule.at.value !== ''
  return {
    path: options.path ?? '/posts',
    kind,
    sends: isTimed ? 'schedule' : kind,
    isOpen: options.isOpen ?? typed.isSent,
    error: typed.error,
    parts,
    mayBeThread: kind !== 'edit' && parts.length === 1,
    mayAddPart: parts.length > 1 && parts.length < threadPartsMax,
    warning: typed.input('warning', options.warning),
    visibility: kind === 'edit' ? undefined : { ...visibilityChoice(visibility, request.t), error: typed.errorOf('visibility') },
    imageTypes: imageTypesTaken.join(','),
    more,
    quote: options.quote,
    charactersMax: postCharactersMax,
    replyTo: options.replyTo,
    idempotencyKey: (typed.isSent && typed.form.text('idempotencyKey')) || ctx.random.token()
  }
}

function toParts({ t, server: { ctx } }: FastifyRequest, options: ComposerOptions): ComposerPartView[] {
  const { kind, typed = new Typed() } = options
  const count = typed.isSent && kind !== 'edit' ? countParts(typed.form) : 1
  return Array.from({ length: count }, (_, at) => {
    const names = partFields(at)
    const images = options.images?.[at] ?? []
    return {
      number: at + 1,
      suffix: at === 0 ? '' : String(at + 1),
      label: at === 0 ? t('composer.text', { kind }) : t('composer.partText', { number: at + 1 }),
      rows: at === 0 ? rowsOfFirst : rowsOfOthers,
      text: typed.input(names.text, at === 0 ? options.text : ''),
      images: images.map((image, index) => toImage(image, index, images.length, typed, t)),
      imagesError: typed.errorOf(names.images),
      imagesLeft: Math.max(0, ctx.config.limits.imagesPerPostMax - images.length),
      mayRemove: at > 0
    }
  })
}

/** Size of a picture beside its description field. */
export function thumbnailSize({ width, height }: Pick<Media, 'width' | 'height'>): { width: number; height: number } {
  const size = previewSizeOf({ width: width ?? thumbnailMax, height: height ?? thumbnailMax })
  const scale = Math.min(1, thumbnailMax / Math.max(size.width, size.height))
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) }
}

function toImage(image: Media, index: number, total: number, typed: Typed, t: Translate): ComposerImageView {
  const field = `alt-${image.id}`
  const isTyped = typed.isSent && typed.form.has(field)
  return {
    id: String(image.id),
    url: `/media/${image.key}/preview`,
    ...thumbnailSize(image),
    alt: { value: isTyped ? typed.form.text(field) : image.alt, error: typed.errorOf(field) },
    focus: focusChoice(t, image, typed.isSent ? typed.form : undefined),
    position: index + 1,
    total
  }
}
