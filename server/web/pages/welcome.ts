import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { findStarters, noteWelcomed, startTagsMax, welcomeOf } from '#server/first-run/welcome.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { requireActive } from '#server/posts/authors.ts'
import { followedTagsOf } from '#server/timelines/followed-tags.ts'
import { shownTrends } from '#server/trends/list-trends.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { viewCards } from '#server/web/views/account-cards.ts'
import { viewSuggestions } from '#server/web/views/explore-views.ts'
import type { WelcomeView } from '#server/web/views/first-run-views.ts'

const config = { access: 'signed-in' } as const

/** `/welcome`: whom and what to follow first, for whoever has just come; shown once by itself, and reached from an empty home. */
export function welcomeRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/welcome', { config }, async (request, reply) => {
    const { t } = request
    const who = request.who!
    await noteWelcomed(ctx, who)
    const { text } = await welcomeOf(ctx)
    const starters = await viewCards(request, await findStarters(ctx, who.account.id))
    const isLeft = starters.some(({ buttons }) => buttons.some(({ path }) => path.endsWith('/follow')))
    const known = new Set(starters.map(({ account }) => account.handle))
    const view: WelcomeView = {
      text: text === '' ? undefined : text,
      starters,
      followAll: isLeft ? { path: '/welcome/follows', label: t('welcome.followAll'), name: undefined, tone: 'primary' } : undefined,
      tags: await viewTags(request),
      suggestions: (await viewSuggestions(request)).filter(({ account }) => !known.has(account.handle)),
      importPath: '/settings/import',
      handles: { value: '', error: undefined }
    }
    return page(reply, 'welcome', view, { title: t('welcome.title') })
  })

  // Everybody of the list at once; whom one may not follow is passed over.
  app.post('/welcome/follows', { config }, async (request, reply) => {
    const who = request.who!
    requireActive(who)
    let count = 0
    for (const { id } of await findStarters(ctx, who.account.id)) {
      try {
        await followAccount(ctx, who, { accountId: id })
        count++
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
      }
    }
    setFlash(reply, 'good', 'flash.startersFollowed', { count })
    return reply.redirect('/welcome', 303)
  })
}

/** The hashtags an admin names, then those many talk about. */
async function viewTags(request: FastifyRequest): Promise<WelcomeView['tags']> {
  const { t, server } = request
  const { ctx } = server
  const { account } = request.who!
  const { tags } = await welcomeOf(ctx)
  const trending = (await shownTrends(ctx, account.id)).tags.map(({ key }) => key)
  const followed = new Set(await followedTagsOf(ctx.db, account.id))
  return [...new Set([...tags, ...trending])].slice(0, startTagsMax).map((tag) => {
    const act = followed.has(tag) ? 'unfollow' : 'follow'
    const name = t(`welcome.tag-${act}`, { tag })
    return {
      path: `/tags/${encodeURIComponent(tag)}`,
      label: `#${tag}`,
      button: {
        path: `/tags/${encodeURIComponent(tag)}/${act}`,
        label: t(`relation.${act}`),
        name,
        tone: act === 'follow' ? 'primary' : 'plain'
      }
    }
  })
}
