import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import qrcode from 'qrcode'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { confirmCodeApp, findSetUp, hasCodeApp, removeCodeApp, startCodeApp } from '#server/sign-in/code-app.ts'
import { setFlash } from '#server/web/flash.ts'
import { requiredText } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { showChange } from '#server/web/pages/security-change.ts'
import { showCodes } from '#server/web/pages/settings-security.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import { viewProof } from '#server/web/views/proof-view.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const home = '/settings/security'
const paths = {
  page: `${home}/code-app`,
  start: `${home}/code-app/start`,
  picture: `${home}/code-app/picture`,
  removal: `${home}/code-app/removal`
}
/** CSS pixels; the picture is drawn, so that any size is sharp. */
const pictureSize = 224

/** The app that shows a new code every half minute: set up with a picture or a text and a first code, and switched off again. */
export function settingsCodeAppRoutes(app: FastifyInstance, ctx: Context): void {
  app.get(paths.page, { config }, blank(show))
  app.get(paths.picture, { config }, async (request, reply) => {
    const setUp = await findSetUp(ctx, request.who!)
    if (!setUp) throw new Refusal('missing', 'codeApp.setUpGone')
    return reply.type('image/svg+xml').send(await qrcode.toString(setUp.uri, { type: 'svg', margin: 4, errorCorrectionLevel: 'M' }))
  })

  app.post(paths.start, { config }, async (request, reply) => {
    await startCodeApp(ctx, request.who!)
    return reply.redirect(paths.page, 303)
  })
  app.post(
    paths.page,
    { config },
    submitted(show, async (request, reply, form) => {
      const { code } = form.parse({ code: requiredText })
      const codes = await confirmCodeApp(ctx, request.who!, { code, password: form.text('password') })
      if (codes) return showCodes(request, reply, codes)
      return done(reply, 'flash.codeAppOn')
    })
  )
  app.post(
    paths.removal,
    { config },
    submitted(show, async (request, reply, form) => {
      const { code } = form.parse({ code: requiredText })
      await removeCodeApp(ctx, request.who!, { code, password: form.text('password') })
      return done(reply, 'flash.codeAppOff')
    })
  )
}

function done(reply: FastifyReply, key: string): FastifyReply {
  setFlash(reply, 'good', key)
  return reply.redirect(home, 303)
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, server } = request
  const who = request.who as Person
  if (await hasCodeApp(server.ctx.db, who.account.id)) {
    return showChange(request, reply, typed, {
      heading: t('codeApp.switchOff'),
      consequences: [t('codeApp.offLead')],
      path: paths.removal,
      pagePath: paths.page,
      label: t('codeApp.switchOff'),
      isDangerous: true,
      asksCode: true
    })
  }
  const setUp = request.url === paths.removal ? undefined : await findSetUp(server.ctx, who)
  if (!setUp) return reply.redirect(home, 303)
  const view = {
    tabs: settingsTabs(request, 'security'),
    path: paths.page,
    error: typed.error,
    pictureUrl: paths.picture,
    pictureSize,
    secretText: setUp.secret.match(/.{1,4}/g)!.join(' '),
    uri: setUp.uri,
    code: typed.input('code'),
    proof: await viewProof(request, typed, paths.page),
    cancelPath: home
  }
  return page(reply, 'settings-code-app', view, { title: t('codeApp.setUp'), status: typed.status })
}
