import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { hasOwner } from '#server/sign-in/owner-link.ts'
import { local } from '#server/timelines/public.ts'
import { page } from '#server/web/page.ts'
import { describe } from '#server/web/views/describe.ts'
import { viewTimeline } from '#server/web/views/timeline-view.ts'

/** `/`: what this instance is, for whoever is not signed in; everybody else is led home. */
export function frontRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/', { config: { access: 'anyone' } }, async (request, reply) => {
    if (request.who) return reply.header('cache-control', 'no-store').redirect('/home', 303)
    const { name, description, signUp } = await ctx.settings.get()
    const isOwned = await hasOwner(ctx.db)
    const descriptionHtml = describe(description, ctx.config.origin)
    const latest = await local(ctx, undefined)
    const timeline = await viewTimeline(request, latest, 'timeline.localEmpty')
    const view = {
      instanceName: name,
      descriptionHtml,
      hasOwner: isOwned,
      signInPath: '/sign-in',
      signUpPath: signUp === 'closed' ? undefined : '/sign-up',
      // Older ones stand on the page that is made for them.
      timeline: {
        ...timeline,
        pager: { olderPath: latest.olderCursor === undefined ? undefined : `/local?before=${latest.olderCursor}`, newestPath: undefined }
      }
    }
    return page(reply, 'front', view, {
      title: request.t('front.title'),
      canonicalUrl: `${ctx.config.origin}/`,
      description: htmlToText(descriptionHtml),
      isIndexable: true
    })
  })
}
