// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCommandLine } from '#server/commands/command-line.ts'
import { commands } from '#server/commands/table.ts'
import { startProcess } from '#test/helpers/programs.ts'

async function type(...args: string[]) {
  let out = ''
  let err = ''
  const code = await runCommandLine(args, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}

test('every command explains itself and its parts in words of the catalogue', async () => {
  for (const { path } of commands) {
    const { code, out, err } = await type(...path.split(' '), '--help')
    assert.deepEqual([code, err], [0, ''], path)
    assert.match(out, new RegExp(`^Usage: admin ${path}`))
    assert.match(out, /--json/)
    assert.doesNotMatch(out, /command\./, 'a key without a message')
  }
  const { code, out } = await type('--help')
  assert.equal(code, 0)
  for (const { path } of commands) assert.match(out, new RegExp(`\\b${path.split(' ')[0]}\\b`))
})

test('what is not understood is a usage error that names it and runs nothing', async () => {
  const wrong: [string[], RegExp][] = [
    [[], /Usage/],
    [['bogus'], /bogus/],
    [['account'], /Usage/],
    [['account', 'create', 'ana'], /--email/],
    [['account', 'create', 'ana', '--email', 'a@b.test', '--password', 'x', '--role', 'queen'], /queen/],
    [['account', 'suspend'], /handle/],
    [['account', 'list', '--nonsense'], /--nonsense/],
    [['domain', 'block', 'spam.example', '--severity', 'maim'], /maim/],
    [['domain', 'block', 'spam.example'], /--severity/],
    [['jobs', 'retry'], /id/],
    [['doctor', 'now'], /too many arguments/],
    [['backup'], /dir/]
  ]
  for (const [args, pattern] of wrong) {
    const { code, out, err } = await type(...args)
    assert.deepEqual([code, out], [2, ''], args.join(' '))
    assert.match(err, pattern)
  }
})

test('exit code and streams are those of a real process, and a configuration that does not hold is one sentence', async (t) => {
  const help = await startProcess(t, 'server/commands/main.ts', ['--help'], {}).ended
  assert.deepEqual([help.code, help.err], [0, ''])
  const bogus = await startProcess(t, 'server/commands/main.ts', ['bogus'], {}).ended
  assert.deepEqual([bogus.code, bogus.out], [2, ''])
  const unset = await startProcess(t, 'server/commands/main.ts', ['account', 'list'], { PORT: 'many' }).ended
  assert.deepEqual([unset.code, unset.out], [1, ''])
  assert.match(unset.err, /^[^\n]*PORT[^\n]*\n$/)
})
