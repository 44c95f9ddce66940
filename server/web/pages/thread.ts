import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { VersionMedia } from '#db/schema/posts.ts'
import { findAccountByHandle } from '#server/accounts/find-account.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Context } from '#server/context.ts'
import { emojiBook } from '#server/emoji/emoji-book.ts'
import { Refusal } from '#server/errors.ts'
import { applyFilters } from '#server/filters/filter-posts.ts'
import { recheckOpened } from '#server/interactions/recheck-quotes.ts'
import { readId } from '#server/platform/ids.ts'
import { countReach } from '#server/peers/reach.ts'
import { isDueAgain, isPulling, openThread } from '#server/peers/thread-pulls.ts'
import { getOriginal, isBuried, type PostRow } from '#server/posts/find-post.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { listVersions } from '#server/posts/list-versions.ts'
import { loadPosts, type PostDetails } from '#server/posts/load-posts.ts'
import { narrowByDefault } from '#server/posts/check-draft.ts'
import { usualVisibility } from '#server/posts/usual-visibility.ts'
import { type Thread, thread } from '#server/timelines/thread.ts'
import { page } from '#server/web/page.ts'
import type { Typed } from '#server/web/typed.ts'
import type { ThreadReplyView, ThreadView } from '#server/web/views/page-views.ts'
import type { PostView } from '#server/web/views/post-view.ts'
import { emojiHtml, emojiText } from '#server/web/views/show-emoji.ts'
import { toComposer } from '#server/web/views/to-composer.ts'
import { displayNameOf, viewAccounts } from '#server/web/views/view-accounts.ts'
import { postPath, viewMedia, viewPosts } from '#server/web/views/view-posts.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const depthMax = 4

type PostRequest = { Params: { handle: string; id: string } }

/** `/@name/<id>`: a post among those it answers and those that answer it; `/history`: what it said before. */
export function threadRoutes(app: FastifyInstance, ctx: Context): void {
  app.get<PostRequest>('/@:handle/:id', { config: { access: 'anyone' }, constraints: { accept: 'html' } }, async (request, reply) => {
    const from = fromAsked(request)
    const { found, view } = await openPost(request, await idAsked(ctx, request), from)
    // An address with another name, or a boost's, leads to the one place where the post is.
    if (view.post.path !== decodeURIComponent(request.url.split('?', 1)[0]!)) return reply.redirect(view.post.path, 301)
    return threadPage(request, reply, found, view)
  })

  app.get<PostRequest>('/@:handle/:id/history', { config: { access: 'anyone' } }, async (request, reply) => {
    const post = await getOriginal(ctx.db, request.who?.account.id, await idAsked(ctx, request))
    const [details] = await loadPosts(ctx.db, request.who?.account.id, [post])
    if (!details) throw new Refusal('missing', 'errors.postMissing')
    const versions = await listVersions(ctx.db, post.id)
    const revisions = [
      {
        version: post.version,
        at: post.editedAt ?? post.createdAt,
        html: post.html,
        warning: post.warning,
        emojis: post.emojis,
        options: details.poll?.options.map((option) => option.text) ?? [],
        media: viewMedia(details.media)
      },
      ...versions.map((each) => ({
        version: each.version,
        at: each.createdAt,
        html: each.html,
        warning: each.warning,
        emojis: each.emojis ?? post.emojis,
        options: each.options ?? [],
        media: viewMedia(picturesThen(each.media, details.media))
      }))
    ].sort((a, b) => b.version - a.version)
    const book = await emojiBook(ctx)
    const view = {
      heading: request.t('history.heading'),
      postPath: postPath(details.author, post.id),
      author: (await viewAccounts(ctx, [details.author]))[0]!,
      revisions: revisions.map(({ version, at, html, warning, emojis, options, media }) => ({
        time: viewTime(request, at),
        isOriginal: version === 1,
        isCurrent: version === post.version,
        warningHtml: warning === '' ? undefined : emojiText(warning, emojis, book),
        contentHtml: emojiHtml(html, emojis, book),
        options: options.map((option) => ({ textHtml: emojiText(option, emojis, book) })),
        media
      }))
    }
    return page(reply, 'post-history', view, { title: view.heading, cache: post.visibility === 'direct' ? 'none' : 'private' })
  })
}

/** The page of a post once more, after its form for any emoji was refused: with what was typed, and why. */
export async function showReaction(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const id = readId((request.params as { id: string }).id)
  if (id === undefined) throw new Refusal('missing', 'errors.postMissing')
  const { found, view } = await openPost(request, id, 0)
  const picker = view.post.reactionPicker
  if (picker) picker.typed = { ...typed.input('emoji'), error: typed.errorOf('emoji') ?? typed.error }
  return threadPage(request, reply, found, view, typed.status)
}

async function openPost(request: FastifyRequest, id: number, from: number): Promise<{ found: Thread; view: ThreadView }> {
  const { ctx } = request.server
  const found = await thread(ctx.db, request.who?.account.id, id, from).catch((refusal: unknown) => refuseWhatIsGone(ctx, id, refusal))
  return { found, view: await viewThread(request, found, from) }
}

function threadPage(request: FastifyRequest, reply: FastifyReply, found: Thread, view: ThreadView, status = 200): Promise<FastifyReply> {
  const { post } = view
  const isPublic = found.post.visibility === 'public'
  return page(reply, 'thread', view, {
    status,
    title: request.t('thread.title', { name: post.author.name }),
    alternateUrl: found.post.uri,
    canonicalUrl: found.post.isLocal ? found.post.uri : undefined,
    description: isPublic && !post.warning ? htmlToText(post.contentHtml) : undefined,
    isIndexable: false,
    cache: found.post.visibility === 'direct' ? 'none' : 'private'
  })
}

/** How many replies are passed over, by the address: `?from=100`. */
function fromAsked({ query }: FastifyRequest): number {
  const { from } = query as Record<string, string | string[] | undefined>
  if (from === undefined) return 0
  if (typeof from !== 'string' || !/^\d{1,4}$/.test(from)) throw new Refusal('invalid', 'errors.cursorInvalid', {}, 'from')
  return Number(from)
}

/** The pictures of a version as it showed them, as far as the post still has them: one that was taken out of it is gone. */
function picturesThen(then: readonly VersionMedia[], now: PostDetails['media']): PostDetails['media'] {
  return then.flatMap(({ key, alt }) => {
    const row = now.find((each) => each.key === key)
    return row ? [{ ...row, alt }] : []
  })
}

/** What everybody could see once is told to be gone, as to peers; of anything else nobody learns whether it ever was. */
async function refuseWhatIsGone(ctx: Context, id: number, refusal: unknown): Promise<never> {
  const isMissing = refusal instanceof Refusal && refusal.kind === 'missing'
  throw isMissing && (await isBuried(ctx.db, id)) ? new Refusal('gone', 'errors.text410') : refusal
}

/** The id in the address; the handle must be somebody we know, so that a made-up one is not found. */
async function idAsked(ctx: Context, request: FastifyRequest<PostRequest>): Promise<number> {
  const id = readId(request.params.id)
  const account = await findAccountByHandle(ctx.db, request.params.handle, ctx.config)
  if (id === undefined || !account) throw new Refusal('missing', 'errors.postMissing')
  return id
}

async function viewThread(request: FastifyRequest, found: Thread, from: number): Promise<ThreadView> {
  const { ctx } = request.server
  const rows = [...found.ancestors, found.post, ...found.descendants.map(({ row }) => row)]
  const loaded = await loadPosts(ctx.db, request.who?.account.id, rows)
  const details = await applyFilters(ctx, request.who, loaded, 'thread', found.post.id)
  const focused = details.find(({ post }) => post.id === found.post.id)
  if (!focused) throw new Refusal('missing', 'errors.postMissing')
  const views = new Map((await viewPosts(request, details, { asksPreviews: true })).map((view) => [view.id, view]))
  const [post] = (await viewPosts(request, [focused], { isFocused: true })) as [PostView]
  const pull = await viewPull(request, found.post)
  if (request.who) await recheckOpened(request.server.ctx, [found.post, ...found.ancestors, ...found.descendants.map(({ row }) => row)])
  return {
    heading: request.t('thread.heading', { count: found.ancestors.length + 1 + found.descendantsCount }),
    ancestors: found.ancestors.flatMap((row) => views.get(String(row.id)) ?? []),
    unmutePath: focused.viewer?.isThreadMuted ? `/posts/${found.post.id}/unmute-thread` : undefined,
    isParentMissing: found.post.replyToUri !== null && found.ancestors.at(-1)?.id !== found.post.replyToId,
    post,
    reach: post.isOwn ? await reachText(request, found.post) : undefined,
    pull,
    replies: indented(found, views),
    replyCount: found.descendantsCount,
    boostersPath: post.boostCount > 0 ? `${post.path}/boosts` : undefined,
    favouritersPath: post.favouriteCount > 0 ? `${post.path}/favourites` : undefined,
    composer: request.who && focused.viewer?.limits?.may.reply !== 'never' ? await replyComposer(request, focused) : undefined,
    moreRepliesPath: found.nextFrom === undefined ? undefined : `${post.path}?from=${found.nextFrom}#replies`,
    firstRepliesPath: from === 0 ? undefined : `${post.path}#replies`
  }
}

/** What is on its way of the rest of the conversation, and what could not be had; only those signed in have others' servers asked. */
async function viewPull(request: FastifyRequest, post: PostRow): Promise<ThreadView['pull']> {
  const { t, server, who } = request
  const { ctx } = server
  const pull = who ? await openThread(ctx, post) : undefined
  if (!pull) return undefined
  const now = ctx.clock.now()
  if (isPulling(pull, now)) return { text: t('thread.pulling', { count: pull.postsCount }), isRunning: true, askPath: undefined }
  const hosts = new Intl.ListFormat(t.language, { type: 'conjunction' }).format(pull.missingHosts)
  const text =
    pull.missingCount === 0
      ? t('thread.pulled', { time: viewTime(request, pull.endedAt ?? pull.startedAt).text })
      : t('thread.pullMissed', { count: pull.missingCount, hosts, hostsCount: pull.missingHosts.length })
  return { text, isRunning: false, askPath: isDueAgain(pull, now, true) ? `/posts/${post.id}/pull` : undefined }
}

/** How many servers have it, for whoever wrote it; undefined when it goes nowhere else. */
async function reachText({ t, server: { ctx } }: FastifyRequest, post: { id: number; uri: string }): Promise<string | undefined> {
  const { arrived, waiting, failed } = await countReach(ctx.db, post)
  return arrived + waiting + failed === 0 ? undefined : t('post.reach', { arrived, waiting, failed })
}

/** Replies with their indent: a lone answer keeps its parent's, so that a conversation of two does not wander off a phone's edge. */
function indented({ post, descendants }: Thread, views: Map<string, PostView>): ThreadReplyView[] {
  const childrenOf = Map.groupBy(descendants, ({ row }) => row.replyToId ?? post.id)
  const depths = new Map<number, number>([[post.id, -1]])
  return descendants.flatMap(({ row }) => {
    const parentId = depths.has(row.replyToId ?? 0) ? row.replyToId! : post.id
    const parentDepth = depths.get(parentId)!
    const isLone = (childrenOf.get(parentId)?.length ?? 0) === 1 && parentId !== post.id
    const depth = Math.min(depthMax, isLone ? parentDepth : parentDepth + 1)
    depths.set(row.id, depth)
    const view = views.get(String(row.id))
    return view ? [{ post: view, depth: depth as ThreadReplyView['depth'], isJoined: isLone && views.has(String(parentId)) }] : []
  })
}

/** The form to answer: it names whom the conversation is with, and is never wider than what it answers. */
export async function replyComposer(request: FastifyRequest, { post, author, mentions }: PostDetails) {
  const me = request.who!
  const names = [author, ...mentions].filter((account) => account.id !== me.account.id).map(handleOf)
  return toComposer(request, {
    kind: 'reply',
    text: names.length > 0 ? `${[...new Set(names)].join(' ')} ` : '',
    warning: post.warning,
    visibility: narrowByDefault(post.visibility, usualVisibility(me.user)),
    isLocalOnly: post.isLocalOnly,
    replyTo: { id: String(post.id), name: displayNameOf(author), handle: handleOf(author), path: postPath(author, post.id) },
    isOpen: 'reply' in (request.query as object)
  })
}
