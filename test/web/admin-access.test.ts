import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify, { type FastifyInstance } from 'fastify'
import { auditEntries } from '#db/schema/moderation.ts'
import { users } from '#db/schema/sign-in.ts'
import { adminRoutes } from '#server/web/admin/routes.ts'
import type { Access } from '#server/web/access.ts'
import { startInstance } from '#test/helpers/instance.ts'

const viewers = ['anonymous', 'person', 'moderator', 'admin'] as const
/** The roles that each access lets in. */
const letIn: Partial<Record<Access, readonly string[]>> = { moderator: ['moderator', 'admin'], admin: ['admin'], owner: [] }

test('ADM-01: every route of the panel, by every method, is for whom the route table says and for nobody else', async (t) => {
  const instance = await startInstance(t)
  const people = {
    anonymous: instance.guest(),
    person: await instance.as('pat'),
    moderator: await instance.as('mia', { role: 'moderator' }),
    admin: await instance.as('ada', { role: 'admin' })
  }
  // A form was seen, so that its token is known.
  await people.anonymous.get('/sign-in')
  const routes = instance.app.routeTable.filter(({ url }) => url === '/admin' || url.startsWith('/admin/'))
  assert.ok(routes.length > 30, 'the panel has its routes')
  const before = await instance.ctx.db.$count(auditEntries)
  for (const { method, url, access } of routes) {
    const allowed = letIn[access]
    assert.ok(allowed, `${method} ${url} is kept for ${access}`)
    const path = url.replace(/:\w+/g, '1')
    for (const viewer of viewers) {
      const ask = () =>
        method === 'POST' ? people[viewer].submit(path, { role: 'owner', reason: 'x' }) : people[viewer].request({ method, url: path })
      if (allowed.includes(viewer)) {
        if (method !== 'POST') assert.ok([200, 404].includes((await ask()).statusCode), `${method} ${url} as ${viewer}`)
        continue
      }
      const response = await ask()
      const isToSignIn = viewer === 'anonymous' && method !== 'POST' && response.statusCode === 303
      if (isToSignIn) assert.match(String(response.headers.location), /^\/sign-in/, `${method} ${url} as ${viewer}`)
      else assert.equal(response.statusCode, viewer === 'anonymous' ? 401 : 403, `${method} ${url} as ${viewer}: ${response.statusCode}`)
      assert.doesNotMatch(response.body, /pat@mail\.test|mia@mail\.test/, `${method} ${url} as ${viewer}`)
      assert.equal(response.headers['cache-control'], 'no-store', `${method} ${url} as ${viewer}`)
    }
  }
  assert.equal(await instance.ctx.db.$count(auditEntries), before, 'nothing was done by those who were refused')
})

test('DOS-08: strangers are refused before anything of the panel is computed', async (t) => {
  const instance = await startInstance(t)
  const guest = instance.guest()
  await guest.get('/admin/accounts?q=warm-up')
  const started = performance.now()
  for (const path of ['/admin', '/admin/accounts?q=%25&state=all&origin=all', '/admin/audit?q=a', '/admin/queue'])
    assert.equal((await guest.get(path)).statusCode, 303)
  assert.ok((performance.now() - started) / 4 < 20)
})

test('a page of the panel that is not kept for moderators, or may be cached, stops the start', async (t) => {
  const instance = await startInstance(t)
  const plugin = async (config: { access: Access; cache?: 'private' | 'none' }) => {
    const app = Fastify()
    const panel = async (inner: FastifyInstance) => {
      await adminRoutes(inner, instance.ctx)
      inner.get('/open', { config }, async () => 'x')
    }
    await app.register(panel, { prefix: '/admin' })
    await app.ready()
  }
  await assert.rejects(plugin({ access: 'signed-in', cache: 'none' }), /not kept for moderators/)
  await assert.rejects(plugin({ access: 'moderator' }), /may lie in a cache/)
  await plugin({ access: 'moderator', cache: 'none' })
})

test('ADM-02: nobody gives themselves a role, by any form', async (t) => {
  const instance = await startInstance(t)
  const { ctx } = instance
  const mia = await instance.as('mia', { role: 'moderator' })
  const pat = await instance.as('pat')
  const mass = { role: 'admin', approvedAt: '1', suspendedAt: '', isAdmin: 'yes' }
  await pat.submit('/settings/profile', { displayName: 'Pat', note: '', ...mass })
  await pat.submit('/settings/appearance', { theme: 'dark', timeZone: '', ...mass })
  await mia.submit(`/admin/accounts/${mia.account.id}/role`, { role: 'owner' })
  await mia.submit(`/admin/accounts/${pat.account.id}/role`, { role: 'moderator' })
  await instance
    .guest()
    .submit('/sign-up', { name: 'eve', email: 'eve@mail.test', password: 'correct horse battery', reason: 'x', consent: 'yes', ...mass })
  const roles = Object.fromEntries(
    (await ctx.db.select({ email: users.email, role: users.role, approvedAt: users.approvedAt }).from(users)).map((row) => [row.email, row])
  )
  assert.equal(roles['pat@mail.test']!.role, 'person')
  assert.equal(roles['mia@mail.test']!.role, 'moderator')
  assert.equal(roles['eve@mail.test']!.role, 'person')
  assert.equal(roles['eve@mail.test']!.approvedAt, null)
})
