import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { changeWelcome, startersMax, startTagsMax, welcomeCharactersMax, welcomeOf } from '#server/first-run/welcome.ts'
import { admins } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'

/** What people who are new here are shown first: a word of welcome, people and hashtags to follow. */
export function adminWelcomeRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/welcome', { config: admins }, blank(show))
  app.post(
    '/welcome',
    { config: admins },
    submitted(show, async (request, reply, form) => {
      await changeWelcome(ctx, request.who!, { text: form.text('text'), handles: form.text('handles'), tags: form.text('tags') })
      setFlash(reply, 'good', 'flash.saved')
      return reply.redirect('/admin/welcome', 303)
    })
  )
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server } = request
  const { text, handles, tags } = await welcomeOf(server.ctx)
  const view = {
    adminTabs: await adminTabs(request, 'welcome'),
    path: '/admin/welcome',
    error: typed.error,
    text: typed.input('text', text),
    handles: typed.input('handles', handles.join('\n')),
    tags: typed.input('tags', tags.map((tag) => `#${tag}`).join('\n')),
    handlesHint: t('admin.welcomeHandlesHint', { limit: startersMax }),
    tagsHint: t('admin.welcomeTagsHint', { limit: startTagsMax }),
    charactersMax: welcomeCharactersMax
  }
  return page(reply, 'admin/welcome', view, { title: t('admin.welcome'), status: typed.status })
}
