import type { EmojiBook } from '#server/emoji/emoji-book.ts'
import type { PostRow } from '#server/posts/find-post.ts'
import type { Translate } from '#server/platform/messages.ts'
import { escapeHtml } from '#server/posts/render-text.ts'
import { emojiHtml, emojiText } from '#server/web/views/show-emoji.ts'

interface ContentOptions {
  t: Translate
  /** Page of the post here. */
  path: string
  /** Shown whole: the post's own page. */
  isWhole: boolean
  book: EmojiBook
}

/**
 * The text of a post as HTML: its title (of a post from elsewhere, a link to its page there), then what it says. Of a longer text in a list only the abstract
 * is shown, with a link to the whole.
 */
export function contentHtmlOf(post: PostRow, options: ContentOptions): string {
  return titleHtml(post, options.book) + emojiHtml(bodyHtml(post, options), post.emojis, options.book)
}

function bodyHtml({ html, abstractHtml }: PostRow, { t, path, isWhole }: ContentOptions): string {
  if (abstractHtml === null) return html
  if (html === '' || html === abstractHtml) return abstractHtml
  return isWhole ? `${abstractHtml}<hr>${html}` : `${abstractHtml}<p><a href="${escapeHtml(path)}">${escapeHtml(t('post.readOn'))}</a></p>`
}

function titleHtml({ title, url, isLocal, emojis }: PostRow, book: EmojiBook): string {
  if (title === null) return ''
  const titled = emojiText(title, emojis, book)
  const linked = isLocal || url === null ? titled : `<a href="${escapeHtml(url)}" rel="nofollow noopener ugc">${titled}</a>`
  return `<p><strong>${linked}</strong></p>`
}
