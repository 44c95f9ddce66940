import { mentionsIn, piecesOf, tagsIn, type TypedMention } from '#server/posts/find-mentions.ts'
import { piecesOfMarkdown, renderMarkdown } from '#server/posts/render-markdown.ts'
import { type MentionedAccount, renderText } from '#server/posts/render-text.ts'

/** What a person typed, as Markdown or as plain text: what it names, and how it is shown. */
export interface WrittenText {
  mentions: TypedMention[]
  /** Keys as of tagKey. */
  tags: string[]
  /** Sanitised HTML; `mentions` by handle key, see findMentions. */
  render(mentions: ReadonlyMap<string, MentionedAccount>, origin: string): string
}

/** Reads a cleaned text; what is shown as a mention or hashtag is one, and nothing else is. Pure. */
export function readText({ text, isMarkdown }: { text: string; isMarkdown: boolean }): WrittenText {
  const pieces = isMarkdown ? piecesOfMarkdown(text) : piecesOf(text)
  return {
    mentions: mentionsIn(pieces),
    tags: tagsIn(pieces),
    render: (mentions, origin) => (isMarkdown ? renderMarkdown : renderText)(text, mentions, origin)
  }
}
