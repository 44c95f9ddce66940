import type { Translate } from '#server/platform/messages.ts'
import type { ReactionCount } from '#server/posts/find-reactions.ts'
import { emojiUseOf, shownEmoji } from '#server/posts/reaction-emoji.ts'
import { escapeHtml } from '#server/posts/render-text.ts'
import type { ReactionPickerView, ReactionView } from '#server/web/views/post-view.ts'
import { emojiPicture } from '#server/web/views/show-emoji.ts'

/** What most people reach for. A heart is a favourite and has its own button. */
const commonEmoji = ['👍', '😂', '🎉', '😮', '😢', '🙏', '🔥', '👀']

/** The emoji under a post with how many left each; buttons for whoever may react. */
export function viewReactions(t: Translate, postId: number, counts: readonly ReactionCount[], mayReact: boolean): ReactionView[] {
  return counts.map(({ emoji, mediaKey, count, isOwn }) => ({
    value: emoji,
    emojiHtml: emojiHtmlOf(emoji, mediaKey),
    count,
    isOwn,
    path: mayReact ? `/posts/${postId}/${isOwn ? 'unreact' : 'react'}` : undefined,
    name: t('reaction.name', { emoji: shownEmoji(emoji), count })
  }))
}

/** The way to react with any emoji: some to choose from, and a field. */
export function viewReactionPicker(t: Translate, postId: number): ReactionPickerView {
  return {
    path: `/posts/${postId}/react`,
    choices: commonEmoji.map((emoji) => ({ emoji, name: t('reaction.with', { emoji }) })),
    typed: { value: '', error: undefined }
  }
}

/** An emoji, or the picture of a custom one, as HTML. */
export function emojiHtmlOf(emoji: string, mediaKey: string | null): string {
  const use = emojiUseOf(emoji, mediaKey)
  return use ? emojiPicture(use) : escapeHtml(shownEmoji(emoji))
}
