import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { keepUsage } from '#server/peers/count-people.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import { listStaff } from '#server/sign-in/staff.ts'
import { version } from '#server/version.ts'
import { page } from '#server/web/page.ts'
import { viewCards } from '#server/web/views/account-cards.ts'
import { describe } from '#server/web/views/describe.ts'

/** How long counted numbers are told again. */
const usageMs = 60_000

/** `/about`: who runs the instance, by which rules, and how large it is. */
export function aboutRoutes(app: FastifyInstance, ctx: Context): void {
  const usageNow = keepUsage(ctx, usageMs)

  app.get('/about', { config: { access: 'anyone' } }, async (request, reply) => {
    const { t } = request
    const { name, description, contactEmail, rules, signUp, sourceUrl } = await ctx.settings.get()
    const staff = await listStaff(ctx.db)
    const roles = new Map(staff.map(({ account, role }) => [account.id, role]))
    const { people, posts } = await usageNow()
    const descriptionHtml = describe(description, ctx.config.origin)
    const cards = await viewCards(
      request,
      staff.map(({ account }) => account),
      { badgesOf: ({ id }) => [t(`role.${roles.get(id)}`)] }
    )
    const view = {
      instanceName: name,
      descriptionHtml,
      rules,
      contactEmail: contactEmail || undefined,
      staff: cards,
      userCount: people,
      postCount: posts,
      version,
      sourceUrl: sourceUrl || undefined,
      signUpText: t('about.signUpMode', { mode: signUp })
    }
    return page(reply, 'about', view, {
      title: t('layout.about', { name }),
      canonicalUrl: `${ctx.config.origin}/about`,
      description: htmlToText(descriptionHtml),
      isIndexable: true
    })
  })
}
