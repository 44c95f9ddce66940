import { test } from 'node:test'
import { attackForms, longMs, parts } from '#test/web/bad-input/attack-forms.ts'

test('bad input of every form of the panel gets a clear answer that names the field, and nothing typed is lost', { timeout: longMs }, (t) =>
  attackForms(t, parts.panel)
)
