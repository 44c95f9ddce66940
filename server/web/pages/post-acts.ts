import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Who } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { openThread } from '#server/peers/thread-pulls.ts'
import { voteInPoll } from '#server/polls/vote-in-poll.ts'
import { bookmarkPost, unbookmarkPost } from '#server/posts/bookmark-post.ts'
import { boostPost, unboostPost } from '#server/posts/boost-post.ts'
import { deletePost } from '#server/posts/delete-post.ts'
import { favouritePost, unfavouritePost } from '#server/posts/favourite-post.ts'
import { getOriginal } from '#server/posts/find-post.ts'
import { muteThread, unmuteThread } from '#server/posts/mute-thread.ts'
import { pinPost, unpinPost } from '#server/posts/pin-post.ts'
import { reactToPost, unreactToPost } from '#server/posts/react-to-post.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { askAboutOwn } from '#server/web/pages/ask-about-own.ts'
import { showReaction } from '#server/web/pages/thread.ts'
import { redirectBack, safePath } from '#server/web/return-to.ts'
import { submitted } from '#server/web/typed.ts'

/** What the buttons under a post do; each leads back to the page it stood on, at that post. */
const acts: Record<string, (ctx: Context, who: Who, input: { postId: number }) => Promise<unknown>> = {
  boost: boostPost,
  unboost: unboostPost,
  favourite: favouritePost,
  unfavourite: unfavouritePost,
  bookmark: bookmarkPost,
  unbookmark: unbookmarkPost,
  pin: pinPost,
  unpin: unpinPost
}

/** What is done to the whole conversation of a post: what stood around the button may be gone, so it is said. */
const threadActs = {
  'mute-thread': { act: muteThread, key: 'flash.threadMuted' },
  'unmute-thread': { act: unmuteThread, key: 'flash.threadUnmuted' }
} as const

/** Why a vote was not taken, where the poll as it stands now says the rest: whoever voted is led back to it. */
const unheard: Record<string, string> = {
  'errors.pollNoChoice': 'flash.pollNoChoice',
  'errors.pollOneChoice': 'flash.pollOneChoice',
  'errors.pollUnknownChoice': 'flash.pollUnknownChoice',
  'errors.pollVoted': 'flash.pollVoted',
  'errors.pollOver': 'flash.pollOver'
}

export function postActRoutes(app: FastifyInstance, ctx: Context): void {
  const config = { access: 'signed-in' } as const
  for (const [name, act] of Object.entries(acts)) {
    app.post<IdRequest>(`/posts/:id/${name}`, { config }, async (request, reply) => {
      const postId = idAsked(request, 'errors.postMissing')
      await act(ctx, request.who!, { postId })
      return redirectBack(request, reply, { anchor: `post-${postId}` })
    })
  }

  for (const [name, { act, key }] of Object.entries(threadActs)) {
    app.post<IdRequest>(`/posts/:id/${name}`, { config }, async (request, reply) => {
      const postId = idAsked(request, 'errors.postMissing')
      await act(ctx, request.who!, { postId })
      setFlash(reply, 'good', key)
      return redirectBack(request, reply, { anchor: `post-${postId}` })
    })
  }

  app.post<IdRequest>('/posts/:id/vote', { config }, async (request, reply) => {
    const postId = idAsked(request, 'errors.postMissing')
    const chosen = request.form.all('choice').map((typed) => /^(\d{1,2})(?:\.([0-9a-f]{8}))?$/.exec(typed) ?? [])
    const choices = chosen.map(([, position]) => Number(position ?? -1))
    const marks = new Map(chosen.flatMap(([, position, mark]) => (mark === undefined ? [] : [[Number(position), mark] as const])))
    try {
      await voteInPoll(ctx, request.who!, { postId, choices, marks })
      setFlash(reply, 'good', 'flash.voted')
    } catch (error) {
      const said = error instanceof Refusal ? unheard[error.key] : undefined
      if (said === undefined) throw error
      setFlash(reply, 'bad', said)
    }
    return redirectBack(request, reply, { anchor: `post-${postId}` })
  })

  for (const [name, act] of Object.entries({ react: reactToPost, unreact: unreactToPost })) {
    app.post(
      `/posts/:id/${name}`,
      { config },
      submitted(showReaction, async (request, reply, form) => {
        const postId = idAsked(request as FastifyRequest<IdRequest>, 'errors.postMissing')
        await act(ctx, request.who!, { postId, emoji: form.text('emoji') })
        return redirectBack(request, reply, { anchor: `post-${postId}` })
      })
    )
  }

  app.post<IdRequest>('/posts/:id/pull', { config }, async (request, reply) => {
    const post = await getOriginal(ctx.db, request.who!.account.id, idAsked(request, 'errors.postMissing'))
    await openThread(ctx, post, { isAsked: true })
    return redirectBack(request, reply, { anchor: 'replies' })
  })

  app.get<IdRequest>('/posts/:id/delete', { config }, async (request, reply) => {
    const { t } = request
    return askAboutOwn(request, reply, {
      act: 'delete',
      heading: t('post.deleteHeading'),
      consequences: [t('post.deleteConsequence'), t('post.deleteElsewhere')],
      label: t('post.deleteSubmit')
    })
  })

  app.post<IdRequest>('/posts/:id/delete', { config }, async (request, reply) => {
    await deletePost(ctx, request.who!, { postId: idAsked(request, 'errors.postMissing') })
    setFlash(reply, 'good', 'flash.deleted')
    // The page that asked is about a post that is gone.
    const back = safePath(request.form.text('returnTo'))
    return reply.redirect(back === undefined || /\/posts\/|\/@[^/]+\//.test(back) ? '/home' : back, 303)
  })
}
