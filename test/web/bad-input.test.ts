import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '#test/helpers/html.ts'
import { attackForms, parts } from '#test/web/bad-input/attack-forms.ts'
import { faultsOf, faultsOfForm } from '#test/web/bad-input/faults.ts'
import { formsOf } from '#test/web/bad-input/forms.ts'
import { badParameters, badQueries, badValuesFor } from '#test/web/bad-input/values.ts'
import { startBadInputWorld } from '#test/web/bad-input/world.ts'
import { pictureOf } from '#test/web/world.ts'

/** Far above what any page takes, also on a machine that has much else to do. */
const slowMs = 2_000

test(
  'bad input of every form of reading and writing gets a clear answer that names the field, and nothing typed is lost',
  { timeout: 170_000 },
  (t) => attackForms(t, parts.others)
)

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
