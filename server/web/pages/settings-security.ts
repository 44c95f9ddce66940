import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { askForPasskey } from '#server/sign-in/passkeys.ts'
import { ownCodesIn, renewRecoveryCodes } from '#server/sign-in/recovery-codes.ts'
import { removePassword } from '#server/sign-in/remove-password.ts'
import { findWaysIn } from '#server/sign-in/ways-in.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { showChange } from '#server/web/pages/security-change.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import { viewSecurity } from '#server/web/views/view-security.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const home = '/settings/security'
const paths = {
  recovery: `${home}/recovery-codes`,
  file: `${home}/recovery-codes/file`,
  asked: `${home}/passkey-asked`,
  password: `${home}/password-removal`
}

/** How one signs in, at a glance; each change that matters is a page that says what follows from it. */
export function settingsSecurityRoutes(app: FastifyInstance, ctx: Context): void {
  app.get(home, { config }, async (request, reply) =>
    page(reply, 'settings-security', await viewSecurity(request), { title: request.t('settings.security') })
  )

  app.get(paths.recovery, { config }, blank(showRecovery))
  app.post(
    paths.recovery,
    { config },
    submitted(showRecovery, async (request, reply, form) =>
      showCodes(request, reply, await renewRecoveryCodes(ctx, request.who!, form.text('password')))
    )
  )
  app.post(paths.file, { config }, async (request, reply) => {
    const codes = await ownCodesIn(ctx, request.who!, request.form.all('codes'))
    if (codes.length === 0) return reply.redirect(paths.recovery, 303)
    const { name } = await ctx.settings.get()
    const lead = request.t('recovery.fileLead', { instance: name, origin: ctx.config.origin, handle: `@${request.who!.account.name}` })
    reply.header('content-disposition', `attachment; filename="${ctx.config.host.replace(/[^a-z0-9.-]/gi, '-')}-recovery-codes.txt"`)
    return reply.type('text/plain; charset=utf-8').send([lead, '', ...codes, ''].join('\r\n'))
  })

  app.get(paths.asked, { config }, blank(showAsked))
  app.post(
    paths.asked,
    { config },
    submitted(showAsked, async (request, reply, form) => {
      const isAsked = !(request.who as Person).user.asksPasskey
      await askForPasskey(ctx, request.who!, { isAsked, password: form.text('password') })
      return done(reply, isAsked ? 'flash.passkeyAsked' : 'flash.passkeyNotAsked')
    })
  )

  app.get(paths.password, { config }, blank(showPassword))
  app.post(
    paths.password,
    { config },
    submitted(showPassword, async (request, reply, form) => {
      await removePassword(ctx, request.who!, form.text('password'))
      return done(reply, 'flash.passwordRemoved')
    })
  )
}

function done(reply: FastifyReply, key: string): FastifyReply {
  setFlash(reply, 'good', key)
  return reply.redirect(home, 303)
}

function showRecovery(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t } = request
  return showChange(request, reply, typed, {
    heading: t('recovery.newHeading'),
    consequences: [t('recovery.once'), t('recovery.shown'), t('recovery.oldGone')],
    path: paths.recovery,
    label: t('recovery.submit')
  })
}

/** The one time that codes are seen. */
export function showCodes(request: FastifyRequest, reply: FastifyReply, codes: string[]): Promise<FastifyReply> {
  const view = { tabs: settingsTabs(request, 'security'), codes, filePath: paths.file, donePath: home }
  return page(reply, 'settings-recovery-codes', view, { title: request.t('recovery.heading') })
}

function showAsked(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t } = request
  const isOn = (request.who as Person).user.asksPasskey
  return showChange(request, reply, typed, {
    heading: t(isOn ? 'passkey.notAskedHeading' : 'passkey.askedHeading'),
    consequences: isOn ? [t('passkey.notAskedLead')] : [t('passkey.askedLead'), t('waysIn.secondWayFirst')],
    path: paths.asked,
    label: t(isOn ? 'passkey.notAskedSubmit' : 'passkey.askedSubmit')
  })
}

async function showPassword(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t } = request
  const ways = await findWaysIn(request.server.ctx.db, (request.who as Person).user)
  const isPossible = ways.hasPassword && (ways.passkeyCount >= 2 || (ways.passkeyCount === 1 && ways.recoveryCount > 0))
  return showChange(request, reply, typed, {
    heading: t('waysIn.removePasswordHeading'),
    consequences: isPossible
      ? [t('waysIn.removePasswordOnly'), t('waysIn.removePasswordMail'), t('waysIn.removePasswordSessions')]
      : [t(ways.hasPassword ? 'waysIn.passkeysFirst' : 'waysIn.noPassword')],
    path: paths.password,
    label: t('waysIn.removePassword'),
    isDangerous: true,
    isPossible
  })
}
