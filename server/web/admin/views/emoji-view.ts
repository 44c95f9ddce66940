import type { FastifyRequest } from 'fastify'
import type { ForeignEmoji } from '#server/emoji/copy-emoji.ts'
import type { EmojiBook } from '#server/emoji/emoji-book.ts'
import { type ListedEmoji, usesCounted } from '#server/emoji/list-emojis.ts'
import type { AdminView } from '#server/web/admin/views/admin-views.ts'
import type { ButtonView, CheckView, InputView } from '#server/web/views/form-view.ts'
import type { TabView } from '#server/web/views/page-views.ts'
import type { PagerView } from '#server/web/views/post-view.ts'
import { emojiPicture } from '#server/web/views/show-emoji.ts'

export interface AdminEmojiPageViews {
  'admin/emoji': AdminEmojiListView
  'admin/emoji-one': AdminEmojiView
}

/** The form for a new emoji, or for a copy of another server's. */
export interface EmojiFormView {
  path: string
  error: string | undefined
  /** Undefined where the picture stands already. */
  image: { error: string | undefined; types: string } | undefined
  /** Undefined where it cannot be changed. */
  shortcode: InputView | undefined
  category: InputView
  alt: InputView
  isHidden: CheckView
  /** Unfolded: something in it is wrong. */
  isOpen: boolean
}

export interface AdminEmojiRow {
  /** Where its buttons lead back to. */
  anchor: string
  /** The picture; empty where it is not to be seen. */
  emojiHtml: string
  /** With colons. */
  code: string
  /** Category and uses, or the host: a finished line. */
  text: string
  /** "Switched off", "Hidden" … */
  states: string[]
  /** Its own page; undefined for those who may not change it. */
  path: string | undefined
  pathLabel: string
  pathName: string
  button: ButtonView | undefined
}

export interface AdminEmojiListView extends AdminView {
  places: TabView[]
  /** A search of this page, GET. */
  searchPath: string
  query: InputView
  searchHint: string
  tabs: TabView[]
  rows: AdminEmojiRow[]
  emptyText: string
  pager: PagerView
  /** The form for a new one; undefined for those who may add none, and on the page of others. */
  form: EmojiFormView | undefined
  isForeign: boolean
}

export interface AdminEmojiView extends AdminView {
  heading: string
  backPath: string
  /** The list that `backPath` leads to, by its name. */
  backLabel: string
  row: AdminEmojiRow
  form: EmojiFormView
  submit: string
  note: string
  /** POST; undefined for a copy. */
  removePath: string | undefined
}

/** Id of an emoji's row on the pages of the panel. Pure. */
export function emojiAnchor(id: number): string {
  return `emoji-${id}`
}

/** One of ours with how much it is used. */
export function viewOwnRow(
  { t }: FastifyRequest,
  { emoji, posts, reactions }: ListedEmoji,
  book: EmojiBook,
  mayChange: boolean
): AdminEmojiRow {
  const code = `:${emoji.shortcode}:`
  const uses = {
    posts,
    reactions,
    manyPosts: String(posts > usesCounted),
    manyReactions: String(reactions > usesCounted),
    most: usesCounted
  }
  const category = emoji.category === '' ? t('emoji.withoutCategory') : emoji.category
  return {
    anchor: emojiAnchor(emoji.id),
    emojiHtml: emojiPicture({ shortcode: emoji.shortcode, key: emoji.mediaKey }, book),
    code,
    text: `${category} · ${t('admin.emojiUses', uses)}${emoji.copiedFrom === null ? '' : ` · ${t('admin.emojiFrom', { host: emoji.copiedFrom })}`}`,
    states: [
      ...(emoji.isOff ? [t('admin.emojiOff')] : []),
      ...(emoji.isHidden ? [t('admin.emojiHidden')] : []),
      ...(emoji.isAnimated ? [t('admin.emojiMoves')] : [])
    ],
    path: mayChange ? `/admin/emoji/${emoji.id}` : undefined,
    pathLabel: t('admin.emojiChange'),
    pathName: t('admin.emojiChangeName', { code }),
    button: {
      path: `/admin/emoji/${emoji.id}/${emoji.isOff ? 'on' : 'off'}`,
      label: t(emoji.isOff ? 'admin.emojiSwitchOn' : 'admin.emojiSwitchOff'),
      name: t(emoji.isOff ? 'admin.emojiSwitchOnName' : 'admin.emojiSwitchOffName', { code }),
      tone: 'plain'
    }
  }
}

/** One of another server. */
export function viewForeignRow({ t }: FastifyRequest, emoji: ForeignEmoji, book: EmojiBook, mayCopy: boolean): AdminEmojiRow {
  const code = `:${emoji.shortcode}:`
  const isBlocked = emoji.blockedAt !== null
  return {
    anchor: emojiAnchor(emoji.id),
    emojiHtml: isBlocked ? '' : emojiPicture({ shortcode: emoji.shortcode, key: emoji.mediaKey }, book),
    code,
    text: emoji.host,
    states: isBlocked ? [t('admin.emojiBlocked')] : [],
    path: mayCopy ? `/admin/emoji/elsewhere/${emoji.id}` : undefined,
    pathLabel: t('admin.emojiCopy'),
    pathName: t('admin.emojiCopyName', { code, host: emoji.host }),
    button: {
      path: `/admin/emoji/elsewhere/${emoji.id}/${isBlocked ? 'unblock' : 'block'}`,
      label: t(isBlocked ? 'admin.emojiUnblock' : 'admin.emojiBlock'),
      name: t(isBlocked ? 'admin.emojiUnblockName' : 'admin.emojiBlockName', { code, host: emoji.host }),
      tone: 'plain'
    }
  }
}
