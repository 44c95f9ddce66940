import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { confirmEmail, findConfirmation } from '#server/sign-in/confirm-email.ts'
import { tokenAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'

const config = { access: 'anyone', cache: 'none', isPathSecret: true } as const

/** The link of the confirmation mail. Programs that look at every link in a mail must not use it up: the person presses a button. */
export function confirmRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/confirm/:token', { config }, async (request, reply) => {
    const email = await findConfirmation(ctx, tokenAsked(request))
    if (email === undefined) throw new Refusal('gone', 'confirm.linkGone')
    const { t } = request
    const heading = t('confirm.heading')
    const button = { path: request.url, label: t('confirm.submit'), name: undefined, tone: 'primary' as const }
    const view = { heading, paragraphs: [t('confirm.lead', { email })], links: [], buttons: [button] }
    return page(reply, 'message', view, { title: heading, hasForm: true })
  })

  app.post('/confirm/:token', { config }, async (request, reply) => {
    const user = await confirmEmail(ctx, tokenAsked(request))
    setFlash(reply, 'good', user.approvedAt === null ? 'flash.emailConfirmedWaiting' : 'flash.emailConfirmed')
    return reply.redirect(request.who ? '/settings/account' : '/sign-in', 303)
  })
}
