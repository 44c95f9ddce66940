import type { FastifyRequest } from 'fastify'
import type { EmojiWords } from '#server/emoji/check-emoji.ts'
import type { EmojiFormView } from '#server/web/admin/views/emoji-view.ts'
import type { Form } from '#server/web/form.ts'
import type { Typed } from '#server/web/typed.ts'
import type { TabView } from '#server/web/views/page-views.ts'

/** What becomes of an APNG, GIF or WebP: see media/images.ts. */
const typesTaken = 'image/png,image/apng,image/gif,image/webp'

interface FormOptions {
  path: string
  stored?: EmojiWords & { shortcode?: string }
  takesImage?: boolean
  takesShortcode?: boolean
}

/** The form of an emoji as it stands, or as it was sent. */
export function formOf(typed: Typed, { path, stored, takesImage, takesShortcode }: FormOptions): EmojiFormView {
  return {
    path,
    error: typed.error,
    image: takesImage ? { error: typed.errorOf('image'), types: typesTaken } : undefined,
    shortcode: takesShortcode ? typed.input('shortcode', stored?.shortcode) : undefined,
    category: typed.input('category', stored?.category),
    alt: typed.input('alt', stored?.alt),
    isHidden: typed.check('isHidden', stored?.isHidden),
    isOpen: typed.isSent
  }
}

export function wordsOf(form: Form): EmojiWords {
  return { category: form.text('category'), alt: form.text('alt'), isHidden: form.has('isHidden') }
}

/** Ours, and those of other servers. */
export function emojiPlaces({ t }: FastifyRequest, current: 'here' | 'elsewhere'): TabView[] {
  return [
    { path: '/admin/emoji', label: t('admin.emojiHere'), isCurrent: current === 'here' },
    { path: '/admin/emoji/elsewhere', label: t('admin.emojiElsewhere'), isCurrent: current === 'elsewhere' }
  ]
}
