import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { addPasskey, askToAdd } from '#server/sign-in/add-passkey.ts'
import { passkeysOf, removePasskey, renamePasskey } from '#server/sign-in/passkeys.ts'
import { isProved } from '#server/sign-in/prove.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { withNext } from '#server/web/return-to.ts'
import { submitted, Typed } from '#server/web/typed.ts'
import { viewProof } from '#server/web/views/proof-view.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const config = { access: 'signed-in', cache: 'none' } as const
const home = '/settings/security'
const passkeysPath = `${home}/passkeys`

/** Passkeys: added with a name, renamed, removed. */
export function settingsPasskeyRoutes(app: FastifyInstance, ctx: Context): void {
  app.get(passkeysPath, { config }, async (_request, reply) => reply.redirect(home, 303))
  // Asked before: an authenticator would keep a passkey that we then refuse.
  app.get(`${passkeysPath}/new`, { config }, async (request, reply) => {
    if (await isProved(ctx.db, request.who!, ctx.clock.now())) return showNew(request, reply, new Typed())
    return reply.redirect(withNext('/settings/proof', `${passkeysPath}/new`), 303)
  })
  app.get(`${passkeysPath}/new/options`, { config }, async (request) => askToAdd(ctx, request.who!, request.sessionHash!))
  app.post(
    `${passkeysPath}/new`,
    { config },
    submitted(showNew, async (request, reply, form) => {
      const input = { name: form.text('name'), password: form.text('password'), answer: form.text('answer') }
      await addPasskey(ctx, request.who!, { ...input, holder: request.sessionHash! })
      return done(reply, 'flash.passkeyAdded')
    })
  )

  app.get<IdRequest>(`${passkeysPath}/:id`, { config }, async (request, reply) => showOne(request, reply, new Typed(), ''))
  app.post<IdRequest>(`${passkeysPath}/:id/name`, { config }, (request, reply) =>
    submitted(showing(request, 'name'), async (_request, _reply, form) => {
      await renamePasskey(ctx, request.who!, { id: idAsked(request), name: form.text('name') })
      return done(reply, 'flash.saved')
    })(request, reply)
  )
  app.post<IdRequest>(`${passkeysPath}/:id/removal`, { config }, (request, reply) =>
    submitted(showing(request, 'removal'), async (_request, _reply, form) => {
      await removePasskey(ctx, request.who!, { id: idAsked(request), password: form.text('password') })
      return done(reply, 'flash.passkeyRemoved')
    })(request, reply)
  )
}

function done(reply: FastifyReply, key: string): FastifyReply {
  setFlash(reply, 'good', key)
  return reply.redirect(home, 303)
}

async function showNew(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const path = `${passkeysPath}/new`
  const view = {
    tabs: settingsTabs(request, 'security'),
    ask: { path, optionsPath: `${path}/options` },
    error: typed.error,
    name: typed.input('name'),
    proof: await viewProof(request, typed, path),
    cancelPath: home
  }
  return page(reply, 'settings-passkey-new', view, { title: request.t('passkey.add'), status: typed.status })
}

/** Shows the page again with the one form as it was sent. */
function showing(request: FastifyRequest<IdRequest>, noun: string) {
  return (_request: FastifyRequest, reply: FastifyReply, typed: Typed) => showOne(request, reply, typed, noun)
}

async function showOne(request: FastifyRequest<IdRequest>, reply: FastifyReply, typed: Typed, noun: string): Promise<FastifyReply> {
  const { t, who } = request
  const { ctx } = request.server
  const id = idAsked(request)
  const passkey = (await passkeysOf(ctx.db, who!.account.id)).find((each) => each.id === id)
  if (!passkey) throw new Refusal('missing', 'errors.missing')
  const path = `${passkeysPath}/${id}`
  const [naming, removing] = [noun === 'name' ? typed : new Typed(), noun === 'removal' ? typed : new Typed()]
  const view = {
    tabs: settingsTabs(request, 'security'),
    heading: passkey.name,
    facts: [
      { label: t('passkey.factAdded'), value: viewTime(request, passkey.createdAt).text },
      {
        label: t('passkey.factUsed'),
        value: passkey.lastUsedAt === null ? t('passkey.never') : viewTime(request, passkey.lastUsedAt).text
      },
      { label: t('passkey.factKept'), value: t(passkey.isBackedUp ? 'passkey.backedUp' : 'passkey.oneDevice') }
    ],
    namePath: `${path}/name`,
    name: naming.input('name', passkey.name),
    nameError: naming.error,
    removePath: `${path}/removal`,
    removeError: removing.error,
    proof: await viewProof(request, removing, path),
    cancelPath: home
  }
  return page(reply, 'settings-passkey', view, { title: passkey.name, status: typed.status })
}
