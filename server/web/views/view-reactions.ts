import type { EmojiBook } from '#server/emoji/emoji-book.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { ReactionCount } from '#server/posts/find-reactions.ts'
import { customEmoji, emojiUseOf, ownEmojiHost, shownEmoji } from '#server/posts/reaction-emoji.ts'
import { escapeHtml } from '#server/posts/render-text.ts'
import type { ReactionPickerView, ReactionView } from '#server/web/views/post-view.ts'
import { emojiPicture } from '#server/web/views/show-emoji.ts'

/** Custom emoji shown to choose from; the others can be typed, and are listed on a page. */
const ownChoicesMax = 48
/** What most people reach for. A heart is a favourite and has its own button. */
const commonEmoji = ['👍', '😂', '🎉', '😮', '😢', '🙏', '🔥', '👀']

/** The emoji under a post with how many left each; buttons for whoever may react. */
export function viewReactions(
  t: Translate,
  postId: number,
  counts: readonly ReactionCount[],
  { mayReact, book }: { mayReact: boolean; book: EmojiBook }
): ReactionView[] {
  return counts.map(({ emoji, mediaKey, count, isOwn }) => ({
    value: emoji,
    emojiHtml: emojiHtmlOf(emoji, mediaKey, book),
    count,
    isOwn,
    path: mayReact ? `/posts/${postId}/${isOwn ? 'unreact' : 'react'}` : undefined,
    name: t('reaction.name', { emoji: shownEmoji(emoji), count })
  }))
}

/** The way to react with any emoji: some to choose from, those of this instance, and a field. */
export function viewReactionPicker(t: Translate, postId: number, book: EmojiBook): ReactionPickerView {
  return {
    path: `/posts/${postId}/react`,
    choices: commonEmoji.map((emoji) => ({ emoji, name: t('reaction.with', { emoji }) })),
    own: book.offered.slice(0, ownChoicesMax).map(({ shortcode, mediaKey }) => ({
      value: customEmoji(shortcode, ownEmojiHost),
      emojiHtml: emojiPicture({ shortcode, key: mediaKey }, book),
      name: t('reaction.with', { emoji: `:${shortcode}:` })
    })),
    hasMore: book.offered.length > ownChoicesMax,
    typed: { value: '', error: undefined }
  }
}

/** An emoji, or the picture of a custom one, as HTML. */
export function emojiHtmlOf(emoji: string, mediaKey: string | null, book: EmojiBook): string {
  const use = emojiUseOf(emoji, mediaKey)
  return use ? emojiPicture(use, book) : escapeHtml(shownEmoji(emoji))
}
