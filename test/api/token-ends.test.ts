import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { appCodes, apps, appTokens } from '#db/schema/apps.ts'
import { oneTimeTokens, sessions } from '#db/schema/sign-in.ts'
import { allowApp } from '#server/apps/allow-app.ts'
import { findApp } from '#server/apps/find-app.ts'
import { sweepApps } from '#server/apps/sweep-apps.ts'
import { endAccountSessions } from '#server/moderation/end-account-sessions.ts'
import { suspendAccount } from '#server/moderation/suspend-account.ts'
import { storeToken } from '#server/sign-in/one-time-tokens.ts'
import { endSessions } from '#server/sign-in/sessions.ts'
import { startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { refusal } from '#test/helpers/refusal.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { ask, callback, codeFor, exchange, mine, register, send, statusOf, tokenFor } from '#test/apps/app-world.ts'

const dayMs = 24 * 60 * 60_000

async function start(t: TestContext) {
  const instance = await startInstance(t)
  return { instance, app: await register(instance), ana: await instance.as('ana') }
}

test('AUT-03: a changed password, by its owner or by mail, a sign-out by staff and a suspension leave no app in', async (t) => {
  const { instance, app, ana } = await start(t)
  const { ctx } = instance
  await instance.as('mia', { role: 'moderator' })
  const admin = await whoIs(instance, 'mia')
  const accountId = ana.account.id

  const first = await tokenFor(instance, ana, app)
  const code = await codeFor(ana, app.asks())
  const changed = await ana.submit('/settings/password', { currentPassword: testPassword, newPassword: 'another lantern, lit' })
  assert.equal(changed.statusCode, 303)
  assert.equal(await statusOf(instance, first), 401)
  assert.equal((await exchange(instance, app, code)).statusCode, 400, 'a code on its way is worth nothing either')

  const second = await tokenFor(instance, ana, app)
  await ctx.transact((tx) => storeToken(tx, 'r'.repeat(32), { purpose: 'reset-password', accountId, email: 'ana@mail.test' }))
  assert.equal(await ctx.db.$count(oneTimeTokens), 1)
  assert.equal((await instance.guest().submit(`/password/${'r'.repeat(32)}`, { password: testPassword })).statusCode, 303)
  assert.equal(await statusOf(instance, second), 401)

  const signedIn = async () => {
    const guest = instance.guest()
    assert.equal((await guest.submit('/sign-in', { login: 'ana', password: testPassword })).statusCode, 303)
    return guest
  }
  const guest = await signedIn()
  const third = await tokenFor(instance, guest, app)
  // Ending other browsers leaves apps in: they stand in a list of their own.
  assert.equal((await guest.submit('/settings/sessions/others/end')).statusCode, 303)
  assert.equal(await statusOf(instance, third), 200)
  await endAccountSessions(ctx, admin, { accountId })
  assert.equal(await statusOf(instance, third), 401)

  const once = await signedIn()
  const fourth = await tokenFor(instance, once, app)
  const waiting = await codeFor(once, app.asks())
  await suspendAccount(ctx, admin, { accountId, reason: 'a test' })
  const answer = await ask(instance, mine, fourth)
  assert.equal(answer.statusCode, 401)
  assert.match(answer.json().error, /suspended/)
  assert.equal((await exchange(instance, app, waiting)).statusCode, 400)
  await ctx.transact((tx) => tx.update(accounts).set({ suspendedAt: null, suspendedBy: null }).where(eq(accounts.id, accountId)))
  assert.equal(await statusOf(instance, fourth), 200, 'until it is lifted')
})

test('AUT-03: a session that ends while its button is pressed hands nothing to an app that would outlive it', async (t) => {
  const { instance, app, ana } = await start(t)
  const { ctx } = instance
  const [session] = await ctx.db.select().from(sessions).where(eq(sessions.accountId, ana.account.id))
  const registered = await findApp(ctx.db, app.clientId)
  assert.ok(session && registered)
  const pressed = { ...(await whoIs(instance, 'ana')), sessionId: session.id }
  const asked = { app: registered, redirectUri: callback, scopes: registered.scopes, codeChallenge: null }
  assert.ok(await allowApp(ctx, pressed, asked))
  await ctx.transact((tx) => endSessions(tx, ana.account.id))
  await assert.rejects(allowApp(ctx, pressed, asked), refusal('unauthenticated'))
  assert.equal(await ctx.db.$count(appCodes), 0)
})

test('an account that is deleted takes its tokens along', async (t) => {
  const { instance, app, ana } = await start(t)
  const token = await tokenFor(instance, ana, app)
  assert.equal((await ana.submit('/settings/account/deletion', { name: 'ana', password: testPassword })).statusCode, 303)
  assert.equal(await statusOf(instance, token), 401)
  assert.equal(await instance.ctx.db.$count(appTokens), 0)
})

test('what is over is forgotten: codes, tokens taken back, apps that nobody let in', async (t) => {
  const { instance, app, ana } = await start(t)
  const { ctx, clock } = instance
  await register(instance, { client_name: 'Unused' })
  const working = await register(instance, { client_name: 'Clock' })
  const { access_token: token } = (
    await send(instance, '/oauth/token', {
      grant_type: 'client_credentials',
      client_id: working.clientId,
      client_secret: working.clientSecret
    })
  ).json()
  const mineToo = await tokenFor(instance, ana, app)
  await ana.submit('/settings/apps/all/remove')
  clock.advance(20 * dayMs)
  await ask(instance, '/api/v1/apps/verify_credentials', token)
  clock.advance(11 * dayMs)
  await sweepApps(ctx)
  assert.deepEqual((await ctx.db.select().from(apps)).map(({ name }) => name).sort(), ['Clock', 'Lantern'])
  assert.equal((await ask(instance, '/api/v1/apps/verify_credentials', token)).statusCode, 200)
  assert.match((await ask(instance, mine, mineToo)).json().error, /invalid/, 'forgotten, not only taken back')
})

test('a thousand apps that nobody let in are forgotten in one sweep', async (t) => {
  const { instance, app } = await start(t)
  const { ctx, clock } = instance
  const known = await findApp(ctx.db, app.clientId)
  assert.ok(known)
  await ctx.transact(async (tx) => {
    const rows = Array.from({ length: 1_200 }, (_, at) => ({ ...known, id: tx.newId(), clientId: `made up ${at}` }))
    for (let from = 0; from < rows.length; from += 400) await tx.insert(apps).values(rows.slice(from, from + 400))
  })
  clock.advance(31 * dayMs)
  await register(instance)
  await sweepApps(ctx)
  assert.equal(await ctx.db.$count(apps), 1)
})

test('what apps get for themselves is fifty tokens at most, and older ones leave no row', async (t) => {
  const { instance, app } = await start(t)
  const asked = { grant_type: 'client_credentials', client_id: app.clientId, client_secret: app.clientSecret }
  const tokens: string[] = []
  for (let count = 0; count < 52; count += 1) tokens.push((await send(instance, '/oauth/token', asked)).json().access_token)
  assert.equal(await instance.ctx.db.$count(appTokens), 50)
  const own = async (token: string | undefined) => (await ask(instance, '/api/v1/apps/verify_credentials', token)).statusCode
  assert.deepEqual([await own(tokens[1]), await own(tokens[2])], [401, 200])
})

test('an app that is forgotten while its button is pressed is one that nobody knows', async (t) => {
  const { instance, app, ana } = await start(t)
  const { ctx } = instance
  const registered = await findApp(ctx.db, app.clientId)
  assert.ok(registered)
  await ctx.transact((tx) => tx.delete(apps).where(eq(apps.id, registered.id)))
  const asked = { app: registered, redirectUri: callback, scopes: registered.scopes, codeChallenge: null }
  await assert.rejects(allowApp(ctx, await whoIs(instance, 'ana'), asked), refusal('malformed'))
  assert.equal((await ana.get(`/oauth/authorize?${app.asks()}`)).statusCode, 400)
})
