import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import type { RouteEntry } from '#server/web/access.ts'
import { hiddenFieldsOf, textOf } from '#test/helpers/html.ts'
import type { Fields, Guest } from '#test/helpers/people.ts'
import { collectForms } from '#test/web/bad-input/collect-forms.ts'
import { faultsOf, faultsOfForm, faultsOfStep } from '#test/web/bad-input/faults.ts'
import { formsOf, type PageField } from '#test/web/bad-input/forms.ts'
import { badBodies, badParameters, badQueries, badValuesFor, wellMeant } from '#test/web/bad-input/values.ts'
import { type BadInputWorld, startBadInputWorld } from '#test/web/bad-input/world.ts'
import { pictureOf } from '#test/web/world.ts'

/** Longer than every limit on how often somebody may try. */
const pauseMs = 25 * 3_600_000
/** Far above what any page takes, also on a machine that has much else to do. */
const slowMs = 2_000
/** There are well over a hundred forms by now: three quarters of a minute on a machine of its own. */
const longMs = 170_000
const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

test('bad input of every form gets a clear answer that names the field, and nothing typed is lost', { timeout: longMs }, async (t) => {
  const world = await startBadInputWorld(t)
  const forms = await collectForms(world)
  const routes = world.instance.app.routeTable.filter(({ method, access }) => !safe.has(method) && access !== 'peer')
  assert.ok(routes.length > 50, 'the table of routes is there')
  for (const route of routes) await t.test(`${route.method} ${route.url}`, (inner) => attack(inner, world, route, forms.get(route.url)))
  const bugs = world.instance.logged.filter(({ level }) => Number(level) >= 50)
  assert.deepEqual(bugs, [], 'no bug was logged')
})

test('descriptions of pictures that are refused are shown again', async (t) => {
  const world = await startBadInputWorld(t)
  const alice = await world.actor('signed-in')
  const faults: string[] = []
  for (const { name, value } of badValuesFor({
    name: 'alt',
    kind: 'textarea',
    value: '',
    isTicked: false,
    describedBy: [],
    isInvalid: false
  })) {
    const path = String((await alice.submit('/posts', { text: 'Kept', images: pictureOf('a.png') })).headers.location)
    const step = formsOf(await alice.page(path)).find((form) => form.path === path)
    const fields = step!.fields.filter(({ name: field, kind }) => field !== 'csrf' && kind !== 'button')
    const alt = fields.find(({ name: field }) => field.startsWith('alt-'))!
    const sent = { ...Object.fromEntries(fields.map((field) => [field.name, field.value])), [alt.name]: value }
    const answer = await alice.submit(path, sent)
    const isKept = answer.statusCode === 303 || textOf(answer.body).includes('Kept')
    faults.push(
      ...[...faultsOf(answer), ...faultsOfForm(answer, path, sent, fields), ...(isKept ? [] : ['the text is gone'])].map(
        (fault) => `${name}: ${fault}`
      )
    )
    if (name === '100,000 characters') assert.equal(answer.statusCode, 422)
  }
  assert.deepEqual(faults, [])
})

test('DOS-09, DOS-10: garbage in the query of any page is met with a page or a clear refusal, quickly', async (t) => {
  const world = await startBadInputWorld(t)
  const { app } = world.instance
  await world.instance.as('bob').then((bob) => bob.submit('/posts', { text: 'Words to #find' }))
  await world.instance.runJobs()
  const faults: string[] = []
  const routes = app.routeTable.filter(({ method, url }) => method === 'GET' && !url.startsWith('/static/'))
  assert.ok(routes.length > 40, 'the table of routes is there')
  const peerAccept = { accept: 'application/activity+json' }
  for (const { url, access, accept } of routes) {
    // Parameters of an address that is only looked at: anything that is there will do.
    const path = await world.freshPath(url.replace(/:(?:name|handle)/, 'bob').replace(':tag', 'find'))
    const actor = await world.actor(access)
    const headers = accept === 'activity' ? peerAccept : undefined
    const addresses = badQueries.flatMap(([name, values]) => values.map((value) => `${path}?${name}=${value}`))
    const garbled = url.includes(':') ? badParameters.map((parameter) => url.replace(/:\w+/g, parameter)) : []
    for (const address of [...addresses, ...garbled]) {
      const started = performance.now()
      const answer = await actor.get(address, headers)
      const tookMs = performance.now() - started
      faults.push(...faultsOf(answer).map((fault) => `${address.slice(0, 100)}: ${fault}`))
      if (tookMs > slowMs) faults.push(`${address.slice(0, 100)}: took ${Math.round(tookMs)} ms`)
    }
  }
  assert.deepEqual(faults, [])
})

async function attack(t: TestContext, world: BadInputWorld, route: RouteEntry, fields: PageField[] | undefined): Promise<void> {
  assert.ok(fields, 'its form stands on a page that can be reached: see test/web/bad-input')
  const { instance } = world
  const faults: string[] = []
  let actor = await world.actor(route.access)
  let path = await world.freshPath(route.url)
  let count = 0

  /** Asks once; what was acted on is gone afterwards, and so may be the session. */
  async function note(name: string, answer: LightMyRequestResponse, more: string[]): Promise<void> {
    count++
    faults.push(...[...faultsOf(answer), ...more].map((fault) => `${name}: ${fault}`))
    const { statusCode } = answer
    if (statusCode === 429) instance.clock.advance(pauseMs)
    if (statusCode >= 400 && statusCode !== 429 && statusCode !== 404 && statusCode !== 410) return
    actor = await world.actor(route.access)
    path = await world.freshPath(route.url)
  }

  for (const field of fields) {
    for (const { name, value } of badValuesFor(field)) {
      const sent: Fields = { ...wellMeant(fields), [field.name]: value }
      const asked = path
      const answer = await actor.submit(path, sent)
      await note(`${field.name} with ${name}`, answer, [...faultsOfStep(answer), ...faultsOfForm(answer, asked, sent, fields)])
    }
    const broken = `${encodeURIComponent(field.name)}=%ED%A0%80%00%ff%zz%&=&&;${await typedAs(actor, fields, field.name)}`
    await note(`${field.name} with bytes that are no text`, await send(world, actor, path, 'application/x-www-form-urlencoded', broken), [])
  }
  for (const { name, type, payload } of badBodies(await tokenOf(actor))) await note(name, await send(world, actor, path, type, payload), [])
  if (route.url.includes(':')) {
    for (const parameter of badParameters) {
      const bad = route.url.replace(/:\w+/, parameter)
      await note(`the address ${bad.slice(0, 80)}`, await actor.submit(bad, wellMeant(fields)), [])
    }
  }
  t.diagnostic(`${count} requests`)
  assert.deepEqual(faults, [])
}

function send(world: BadInputWorld, actor: Guest, url: string, type: string, payload: string | Buffer): Promise<LightMyRequestResponse> {
  const headers = { origin: world.instance.config.origin, 'sec-fetch-site': 'same-origin', 'content-type': type }
  return actor.request({ method: 'POST', url, headers, payload })
}

async function typedAs(actor: Guest, fields: readonly PageField[], without: string): Promise<string> {
  const entries = Object.entries(wellMeant(fields)).filter(([name]) => name !== without) as [string, string][]
  return new URLSearchParams([['csrf', await tokenOf(actor)], ...entries]).toString()
}

async function tokenOf(actor: Guest): Promise<string> {
  const token = hiddenFieldsOf((await actor.get('/password')).body).csrf
  assert.ok(token)
  return token
}
