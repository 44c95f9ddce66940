import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '#test/helpers/html.ts'
import { attackForms, longMs } from '#test/web/bad-input/attack-forms.ts'
import { faultsOf, faultsOfForm } from '#test/web/bad-input/faults.ts'
import { formsOf } from '#test/web/bad-input/forms.ts'
import { badValuesFor } from '#test/web/bad-input/values.ts'
import { startBadInputWorld } from '#test/web/bad-input/world.ts'
import { pictureOf } from '#test/web/world.ts'

test('bad input of every form gets a clear answer that names the field, and nothing typed is lost', { timeout: longMs }, attackForms)

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
