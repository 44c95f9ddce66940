import type { FastifyRequest } from 'fastify'
import { avatarKeysOf } from '#server/accounts/avatars.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { isHidden } from '#server/accounts/shown-account.ts'
import { type Account, hasRole } from '#server/accounts/who.ts'
import { type EmojiBook, emojiBook } from '#server/emoji/emoji-book.ts'
import { previewSizeOf } from '#server/media/preview-size.ts'
import type { MediaRow, PostDetails } from '#server/posts/load-posts.ts'
import { pinnedAmong } from '#server/posts/pins.ts'
import { escapeHtml } from '#server/posts/render-text.ts'
import { viewLinkCards } from '#server/web/views/view-link-cards.ts'
import { viewActions, waits } from '#server/web/views/view-actions.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { LinkCardView } from '#server/web/views/link-card-view.ts'
import type { MediaView, PostView } from '#server/web/views/post-view.ts'
import { emojiText } from '#server/web/views/show-emoji.ts'
import { displayNameOf, nameHtmlOf, toAccountView } from '#server/web/views/view-accounts.ts'
import { ownLinks } from '#server/web/views/own-links.ts'
import { contentHtmlOf } from '#server/web/views/view-content.ts'
import { lookOf } from '#server/web/views/view-media.ts'
import { viewPoll } from '#server/web/views/view-poll.ts'
import { noticeOf, viewQuote, withoutInlineQuote } from '#server/web/views/view-quote.ts'
import { viewReactionPicker, viewReactions } from '#server/web/views/view-reactions.ts'
import { viewTime } from '#server/web/views/view-time.ts'
import { visibilityText } from '#server/web/views/visibility-view.ts'

/** Size given to a remote picture that nobody measured yet: the frame keeps the page from jumping. */
const unknownSize = { width: 640, height: 480 }

interface ViewOptions {
  /** It is what the page is about: its warning starts open, and everything of it can be done at once. */
  isFocused?: boolean
  /** They stand first on a profile, and say why. */
  isPinned?: boolean
  /** The reader came to read them: pages that they link to are asked what they say of themselves (see previews/ask-previews.ts). */
  asksPreviews?: boolean
}

/** Path of a post's page here. */
export function postPath(author: Pick<Account, 'name' | 'domain'>, postId: number): string {
  return `/${handleOf(author)}/${postId}`
}

/** Posts as templates show them to whoever asks: permissions are decided here, a template has nothing left to decide. */
export async function viewPosts(request: FastifyRequest, details: readonly PostDetails[], options: ViewOptions = {}): Promise<PostView[]> {
  const people = details.flatMap(({ author, booster, quote }) => [
    author,
    ...(booster ? [booster] : []),
    ...(quote?.author ? [quote.author] : [])
  ])
  const { ctx } = request.server
  const [keys, book] = await Promise.all([avatarKeysOf(ctx.db, people), emojiBook(ctx)])
  const pins = await ownPins(request, details)
  const { isFocused = false, asksPreviews = false } = options
  const cards = await viewLinkCards(request, details, { isFocused, asksPreviews })
  return details.map((each) => viewPost(request, each, { keys, pins, cards, book }, options))
}

/** Which of the reader's own posts stand first on their profile: asked only where there are own posts. */
async function ownPins({ server }: FastifyRequest, details: readonly PostDetails[]): Promise<Set<number>> {
  return pinnedAmong(
    server.ctx.db,
    details.flatMap(({ post, viewer }) => (viewer?.isOwn ? post.id : []))
  )
}

interface Looked {
  keys: Map<number, string>
  pins: Set<number>
  cards: Map<number, LinkCardView>
  book: EmojiBook
}

function viewPost(
  request: FastifyRequest,
  details: PostDetails,
  { keys, pins, cards, book }: Looked,
  { isFocused = false, isPinned = false }: ViewOptions
): PostView {
  const { t } = request
  const { post, author, row, booster, replyTo, viewer } = details
  const path = postPath(author, post.id)
  const parent = replyTo?.author && !isHidden(replyTo.author) ? replyTo.author : undefined
  // Of a reply that is held the notice says whose conversation it waits for.
  const shownParent = post.isHeld && !parent ? undefined : replyTo
  const contentHtml = ownLinks(contentHtmlOf(withoutInlineQuote(details), { t, path, isWhole: isFocused, book }), details)
  const poll =
    details.poll &&
    viewPoll(request, details.poll, {
      mayVote: viewer !== undefined && !viewer.isOwn,
      isFocused,
      emojis: post.emojis,
      book
    })
  return {
    id: String(post.id),
    anchor: `post-${post.id}`,
    path,
    url: post.isLocal ? post.uri : (post.url ?? post.uri),
    isLocal: post.isLocal,
    author: toAccountView(author, keys.get(author.id), book),
    boostedBy: booster && {
      name: displayNameOf(booster),
      nameHtml: nameHtmlOf(booster, book),
      handle: handleOf(booster),
      path: `/${handleOf(booster)}`,
      time: viewTime(request, row.createdAt)
    },
    isPinned,
    isFocused,
    isAuthorInTabs: isFocused || !givesAuthorsStopAway(details, contentHtml),
    replyTo: shownParent && {
      name: parent ? displayNameOf(parent) : t('post.unknownAuthor'),
      nameHtml: parent ? nameHtmlOf(parent, book) : escapeHtml(t('post.unknownAuthor')),
      handle: parent ? handleOf(parent) : '',
      path: parent && shownParent.postId !== undefined ? postPath(parent, shownParent.postId) : undefined
    },
    contentHtml,
    language: post.language ?? undefined,
    warning: post.warning === '' ? undefined : post.warning,
    warningHtml: emojiText(post.warning, post.emojis, book),
    isWarningOpen: isFocused,
    mediaFold: mediaFoldOf(t, details),
    filterFold: details.filtered?.action === 'warn' ? filterText(t, details.filtered.titles) : undefined,
    media: viewMedia(details.media),
    poll,
    quote: viewQuote(request, details.quote, { keys, book }),
    linkCard: cards.get(post.id),
    notice: noticeOf(request, details),
    reactions: viewReactions(t, post.id, details.reactions, { mayReact: viewer !== undefined && isFocused, book }),
    reactionsPath: details.reactions.length > 0 ? `${path}/reactions` : undefined,
    reactionPicker: viewer && isFocused ? viewReactionPicker(t, post.id, book) : undefined,
    visibility: post.visibility,
    visibilityText: isFocused || post.visibility !== 'public' ? visibilityText(post.visibility, t) : undefined,
    isLocalOnly: post.isLocalOnly,
    time: viewTime(request, post.createdAt),
    edited: post.editedAt === null ? undefined : viewTime(request, post.editedAt),
    historyPath: post.editedAt === null ? undefined : `${path}/history`,
    replyCount: post.repliesCount,
    boostCount: post.boostsCount,
    favouriteCount: post.favouritesCount,
    isBoosted: viewer ? viewer.isBoosted || waits(viewer, 'announce') : false,
    isFavourited: viewer ? viewer.isFavourited || waits(viewer, 'like') : false,
    isBookmarked: viewer?.isBookmarked ?? false,
    isOwn: viewer?.isOwn ?? false,
    actions:
      viewer &&
      viewActions(t, details, path, {
        isModerator: hasRole(request.who, 'moderator'),
        pins,
        me: request.who?.account.id,
        hasChoices: poll?.votePath !== undefined && !poll.isFolded
      })
  }
}

/** What of a post needs a stop of Tab in a list takes the author's. */
function givesAuthorsStopAway({ post, media, filtered, poll, quote }: PostDetails, contentHtml: string): boolean {
  const isFolded = filtered !== undefined || post.warning !== ''
  return isFolded || media.length > 0 || poll !== undefined || quote !== undefined || contentHtml.includes('<a ')
}

/** Behind a warning pictures are folded away already, unless a filter says so besides. */
function mediaFoldOf(t: Translate, { post, filtered }: PostDetails): string | undefined {
  if (filtered?.action === 'blur') return filterText(t, filtered.titles)
  return post.isSensitive && post.warning === '' ? t('post.sensitiveMedia') : undefined
}

/** Which filters found a post, by their titles. */
export function filterText(t: Translate, titles: readonly string[]): string {
  return t('filter.filtered', { titles: new Intl.ListFormat(t.language, { type: 'unit' }).format(titles) })
}

/** Pictures as templates show them, in their order. */
export function viewMedia(rows: readonly MediaRow[]): MediaView[] {
  const shown = rows.filter((row) => !row.isBroken)
  return shown.map((row, index) => ({
    url: `/media/${row.key}/preview`,
    fullUrl: `/media/${row.key}`,
    ...(row.width && row.height ? previewSizeOf({ width: row.width, height: row.height }) : unknownSize),
    alt: row.alt,
    position: index + 1,
    total: shown.length,
    ...lookOf(row, shown.length)
  }))
}
