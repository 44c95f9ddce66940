import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { knowsCookies, type RouteEntry } from '#server/web/access.ts'
import { hiddenFieldsOf } from '#test/helpers/html.ts'
import type { Fields, Guest } from '#test/helpers/people.ts'
import { collectForms } from '#test/web/bad-input/collect-forms.ts'
import { faultsOf, faultsOfForm, faultsOfStep } from '#test/web/bad-input/faults.ts'
import type { PageField } from '#test/web/bad-input/forms.ts'
import { badBodiesHere, badParametersHere, badValuesFor, wellMeant } from '#test/web/bad-input/values.ts'
import { type BadInputWorld, startBadInputWorld } from '#test/web/bad-input/world.ts'

/** Longer than every limit on how often somebody may try. */
const pauseMs = 25 * 3_600_000
const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Some ten thousand requests: a minute on a machine of its own. */
export const longMs = 840_000

/** Sends what is wrong to every form: each gets a clear answer that names the field, and nothing typed is lost. */
export async function attackForms(t: TestContext): Promise<void> {
  const world = await startBadInputWorld(t)
  const forms = await collectForms(world)
  const routes = world.instance.app.routeTable.filter(({ method, access }) => !safe.has(method) && knowsCookies(access))
  assert.ok(routes.length > 100, 'the table of routes is there')
  for (const route of routes) await t.test(`${route.method} ${route.url}`, (inner) => attack(inner, world, route, forms.get(route.url)))
  const bugs = world.instance.logged.filter(({ level }) => Number(level) >= 50)
  assert.deepEqual(bugs, [], 'no bug was logged')
}

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
  for (const { name, type, payload } of badBodiesHere(await tokenOf(actor)))
    await note(name, await send(world, actor, path, type, payload), [])
  if (route.url.includes(':')) {
    for (const parameter of badParametersHere()) {
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
