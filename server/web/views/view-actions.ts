import { handleOf } from '#server/accounts/handle-of.ts'
import type { PostDetails, ViewerState } from '#server/posts/load-posts.ts'
import { mayPin } from '#server/posts/pins.ts'
import { isOpen } from '#server/posts/visibility.ts'
import type { Translate } from '#server/platform/messages.ts'
import { act, link, type MenuItemView } from '#server/web/views/menu-view.ts'
import type { PostActionsView } from '#server/web/views/post-view.ts'

interface Asking {
  isModerator: boolean
  /** Ids of the reader's own posts that stand first on their profile. */
  pins: ReadonlySet<number>
  /** The reader's account. */
  me: number | undefined
  /** Whether a vote stands open in the post: its two stops of the Tab key leave none for the bookmark. */
  hasChoices: boolean
}

/** What a signed-in reader may do with a post: four acts in the open, the others in a menu. */
export function viewActions(t: Translate, details: PostDetails, path: string, asking: Asking): PostActionsView {
  const { post, viewer } = details
  const { mayBoost, limits } = viewer!
  const isBoosted = viewer!.isBoosted || waits(viewer!, 'announce')
  const isFavourited = viewer!.isFavourited || waits(viewer!, 'like')
  const at = `/posts/${post.id}`
  return {
    replyPath: limits?.may.reply === 'never' ? undefined : `${path}?reply#composer-text`,
    boostPath: mayBoost || isBoosted ? `${at}/${isBoosted ? 'unboost' : 'boost'}` : undefined,
    favouritePath: limits?.may.like === 'never' && !isFavourited ? undefined : `${at}/${isFavourited ? 'unfavourite' : 'favourite'}`,
    bookmarkPath: bookmarkPath(details),
    isBookmarkInMenu: asking.hasChoices,
    more: menuOf(t, details, path, asking)
  }
}

function bookmarkPath({ post, viewer }: PostDetails): string {
  return `/posts/${post.id}/${viewer!.isBookmarked ? 'unbookmark' : 'bookmark'}`
}

/** What the viewer asked for shows as done, so that it can be taken back; a notice says that it waits. */
export function waits({ limits }: ViewerState, kind: 'like' | 'announce'): boolean {
  return limits?.waiting.has(kind) ?? false
}

/** In this order: where the post and its people are, what one does with it, what one does about it. */
function menuOf(t: Translate, details: PostDetails, path: string, { isModerator, pins, me, hasChoices }: Asking): MenuItemView[] {
  const { post, author, booster, viewer, quote } = details
  const { isOwn, limits } = viewer!
  const at = `/posts/${post.id}`
  const account = `/accounts/${post.authorId}`
  const handle = handleOf(author)
  const mayQuote = limits?.may.quote !== 'never' && (isOpen(post.visibility) || isOwn) && post.visibility !== 'direct'
  const isPinned = pins.has(post.id)
  return [
    link(t('post.permalink'), path),
    ...(post.isLocal ? [] : [{ ...link(t('post.original'), post.url ?? post.uri), isElsewhere: true }]),
    link(t('account.profileHandle', { handle }), `/${handle}`),
    ...(booster ? [link(t('account.profileHandle', { handle: handleOf(booster) }), `/${handleOf(booster)}`)] : []),
    ...(details.reactions.length > 0 ? [link(t('reaction.who'), `${path}/reactions`)] : []),
    ...(hasChoices ? [act(t(viewer!.isBookmarked ? 'post.unbookmark' : 'post.bookmark'), bookmarkPath(details))] : []),
    ...(mayQuote ? [link(t('quote.act'), `/posts?quote=${post.id}`)] : []),
    ...(!isOwn && quote?.post && quote.post.authorId === me ? [act(t('quote.revoke'), `${at}/unquote`)] : []),
    ...(isOwn ? [link(t('post.edit'), `${at}/edit`)] : []),
    ...(isOwn ? [link(t('draft.redraft'), `${at}/redraft`)] : []),
    ...(isPinned ? [act(t('post.unpin'), `${at}/unpin`)] : isOwn && mayPin(post.authorId, post) ? [act(t('post.pin'), `${at}/pin`)] : []),
    ...(isOwn ? [{ ...link(t('post.delete'), `${at}/delete`), isDanger: true }] : []),
    act(t(viewer!.isThreadMuted ? 'mute.threadUndo' : 'mute.thread'), `${at}/${viewer!.isThreadMuted ? 'unmute' : 'mute'}-thread`),
    ...(isOwn
      ? []
      : [
          link(t('filter.act'), `${at}/filter`),
          link(t('mute.act', { handle }), `${account}/mute`),
          link(t('account.blockHandle', { handle }), `${account}/block`),
          link(t('post.report'), `${at}/report`)
        ]),
    ...(isModerator && !isOwn ? [link(t('account.moderateHandle', { handle }), `/admin/accounts/${post.authorId}`)] : [])
  ]
}
