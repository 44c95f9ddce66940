import type { FastifyRequest } from 'fastify'
import type { Visibility } from '#db/schema/posts.ts'
import { imageTypesTaken } from '#server/media/image-kinds.ts'
import { previewSizeOf } from '#server/media/preview-size.ts'
import type { Media } from '#server/media/upload-image.ts'
import type { Poll } from '#server/polls/find-poll.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import { Typed } from '#server/web/typed.ts'
import type { ComposerImageView, ComposerView } from '#server/web/views/composer-view.ts'
import { toPolicyFields } from '#server/web/views/policy-fields.ts'
import { toPollFields } from '#server/web/views/poll-fields.ts'
import { visibilityChoice } from '#server/web/views/visibility-view.ts'

/** Longest side (CSS pixels) of the small pictures in the composer. */
const thumbnailMax = 160
const visibilities = ['public', 'unlisted', 'followers', 'direct']

interface ComposerOptions {
  kind: ComposerView['kind']
  /** Where it posts; `/posts` when absent. */
  path?: string
  /** What stands in it before anything was typed. */
  text?: string
  warning?: string
  visibility?: Visibility
  language?: string | null
  images?: readonly Media[]
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
  const { kind, images = [], typed = new Typed() } = options
  const { postCharactersMax } = await ctx.settings.get()
  const typedVisibility = typed.isSent ? typed.form.text('visibility') : ''
  const visibility = visibilities.includes(typedVisibility)
    ? (typedVisibility as Visibility)
    : (options.visibility ?? request.who?.user.defaultVisibility ?? 'public')
  return {
    path: options.path ?? '/posts',
    kind,
    isOpen: options.isOpen ?? typed.isSent,
    error: typed.error,
    text: typed.input('text', options.text),
    warning: typed.input('warning', options.warning),
    visibility: kind === 'edit' ? undefined : { ...visibilityChoice(visibility, request.t), error: typed.errorOf('visibility') },
    language: undefined,
    images: images.map((image, index) => toImage(image, index, images.length, typed)),
    imagesError: typed.errorOf('images'),
    imagesLeft: Math.max(0, ctx.config.limits.imagesPerPostMax - images.length),
    imageTypes: imageTypesTaken.join(','),
    poll: toPollFields(typed, options.poll, request.t),
    policies: toPolicyFields(typed, options.post, request.who?.user, request.t),
    quote: options.quote,
    charactersMax: postCharactersMax,
    replyTo: options.replyTo,
    idempotencyKey: (typed.isSent && typed.form.text('idempotencyKey')) || ctx.random.token()
  }
}

/** Size of a picture beside its description field. */
export function thumbnailSize({ width, height }: Pick<Media, 'width' | 'height'>): { width: number; height: number } {
  const size = previewSizeOf({ width: width ?? thumbnailMax, height: height ?? thumbnailMax })
  const scale = Math.min(1, thumbnailMax / Math.max(size.width, size.height))
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) }
}

function toImage(image: Media, index: number, total: number, typed: Typed): ComposerImageView {
  const field = `alt-${image.id}`
  const isTyped = typed.isSent && typed.form.has(field)
  return {
    id: String(image.id),
    url: `/media/${image.key}/preview`,
    ...thumbnailSize(image),
    alt: { value: isTyped ? typed.form.text(field) : image.alt, error: typed.errorOf(field) },
    position: index + 1,
    total
  }
}
