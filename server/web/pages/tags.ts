import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { tagKey } from '#server/posts/find-mentions.ts'
import { followedTagsOf, followTag, isFollowingTag, unfollowTag } from '#server/timelines/followed-tags.ts'
import { taggedRead } from '#server/timelines/public.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { newerRoute, shownAsked, showTimeline, viewChoices } from '#server/web/pages/show-timeline.ts'
import { redirectBack } from '#server/web/return-to.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import type { ButtonView } from '#server/web/views/form-view.ts'

type TagRequest = FastifyRequest<{ Params: { tag: string } }>

const tagCharactersMax = 100

/** Posts under a hashtag, and the hashtags that one follows: public posts under those stand in home. */
export function tagRoutes(app: FastifyInstance, ctx: Context): void {
  const config = { access: 'signed-in' } as const

  app.get('/tags/:tag', { config: { access: 'anyone' } }, async (request: TagRequest, reply) => {
    const tag = tagAsked(request)
    const viewerId = request.who?.account.id
    const shown = await shownAsked(request, 'tags')
    const read = await taggedRead(ctx, viewerId, tag, shown)
    const { timeline } = await showTimeline(request, read, { emptyKey: 'timeline.tagEmpty', place: 'public' })
    const isFollowed = viewerId !== undefined && (await isFollowingTag(ctx.db, viewerId, tag))
    const view = {
      heading: `#${tag}`,
      lead: request.t('timeline.tagLead'),
      links:
        viewerId === undefined || tag === ''
          ? []
          : [
              { path: `/settings/filters/new?keyword=${encodeURIComponent(`#${tag}`)}`, label: request.t('filter.tag', { tag: `#${tag}` }) }
            ],
      button: viewerId === undefined || tag === '' ? undefined : tagButton(request, tag, isFollowed),
      tabs: [],
      choices: viewChoices(request, 'tags', shown, false),
      timeline
    }
    return page(reply, 'timeline', view, { title: view.heading })
  })
  newerRoute(app, '/tags/:tag', 'public', async (request) =>
    taggedRead(ctx, request.who!.account.id, tagAsked(request as TagRequest), await shownAsked(request, 'tags'))
  )

  app.get('/tags', { config }, blank(show))
  app.post(
    '/tags',
    { config },
    submitted(show, async (request, reply, form) => follow(ctx, request, reply, form.text('tag')))
  )
  app.post('/tags/:tag/follow', { config }, (request: TagRequest, reply) => follow(ctx, request, reply, tagAsked(request)))
  app.post('/tags/:tag/unfollow', { config }, async (request: TagRequest, reply) => {
    const tag = tagAsked(request)
    await unfollowTag(ctx, request.who!, { tag })
    setFlash(reply, 'good', 'flash.tagUnfollowed', { tag })
    return redirectBack(request, reply, { otherwise: '/tags' })
  })
}

async function follow(ctx: Context, request: FastifyRequest, reply: FastifyReply, typed: string): Promise<FastifyReply> {
  const tag = await followTag(ctx, request.who!, { tag: typed })
  setFlash(reply, 'good', 'flash.tagFollowed', { tag })
  return redirectBack(request, reply, { otherwise: '/tags' })
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server, who } = request
  const tags = await followedTagsOf(server.ctx.db, who!.account.id)
  const view = {
    error: typed.error,
    tag: typed.input('tag'),
    tags: tags.map((tag) => ({ path: tagPath(tag), label: `#${tag}`, unfollow: tagButton(request, tag, true) }))
  }
  return page(reply, 'tags', view, { title: t('nav.tags'), status: typed.status })
}

function tagButton({ t }: FastifyRequest, tag: string, isFollowed: boolean): ButtonView {
  return {
    path: `${tagPath(tag)}/${isFollowed ? 'unfollow' : 'follow'}`,
    label: t(isFollowed ? 'relation.unfollow' : 'relation.follow'),
    name: t(isFollowed ? 'tag.unfollowName' : 'tag.followName', { tag }),
    tone: isFollowed ? 'plain' : 'primary'
  }
}

function tagPath(tag: string): string {
  return `/tags/${encodeURIComponent(tag)}`
}

function tagAsked({ params }: TagRequest): string {
  return tagKey(params.tag.slice(0, tagCharactersMax))
}
