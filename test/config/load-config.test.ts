// database: none
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ConfigError, loadConfig } from '#server/config.ts'
import { openScratch } from '#test/helpers/scratch.ts'

test('without a file and without variables everything has a default', async (t) => {
  const config = await loadConfig({ file: write(t, 'export default {}'), env: {} })
  assert.equal(config.origin, 'http://localhost:3000')
  assert.equal(config.host, 'localhost:3000')
  assert.equal(config.handleDomain, 'localhost:3000')
  assert.equal(config.isHttps, false)
  assert.deepEqual(config.server, { host: '127.0.0.1', port: 3000, trustProxy: [], role: 'all', logLevel: 'info' })
  assert.equal(config.dataDir, join(process.cwd(), 'data'))
  assert.equal(config.secretsDir, join(process.cwd(), 'data/secrets'))
  assert.deepEqual(config.database, { dialect: 'sqlite', url: '' })
  assert.deepEqual(config.mail, { smtpUrl: '', from: 'Skerry <no-reply@localhost>' })
  assert.equal(config.instance.signUp, 'approval')
  assert.equal(config.instance.postCharactersMax, 5000)
})

test('the instance.config.ts of the checkout says just what the defaults say', async (t) => {
  assert.deepEqual(await loadConfig({ env: {} }), await loadConfig({ file: write(t, 'export default {}'), env: {} }))
})

test('the environment wins over the file', async (t) => {
  const file = write(t, "export default { server: { port: 4000, host: '0.0.0.0' }, dataDir: 'there', handleDomain: 'old.example' }")
  const env = {
    PORT: '5000',
    ORIGIN: 'https://Skerry.Example:443/',
    HANDLE_DOMAIN: 'Bücher.example',
    TRUST_PROXY: '127.0.0.1, 10.0.0.0/8',
    LOG_LEVEL: 'warn'
  }
  const config = await loadConfig({ file, env })
  assert.equal(config.server.port, 5000)
  assert.equal(config.server.host, '0.0.0.0')
  assert.equal(config.server.logLevel, 'warn')
  assert.deepEqual(config.server.trustProxy, ['127.0.0.1', '10.0.0.0/8'])
  assert.equal(config.origin, 'https://skerry.example')
  assert.equal(config.host, 'skerry.example')
  assert.equal(config.isHttps, true)
  assert.equal(config.handleDomain, 'xn--bcher-kva.example')
})

test('a path in the file lies near the file, a path in the environment near the command', async (t) => {
  const file = write(t, "export default { dataDir: './here' }")
  assert.equal((await loadConfig({ file, env: {} })).dataDir, join(file, '../here'))
  assert.equal((await loadConfig({ file, env: { DATA_DIR: 'there' } })).dataDir, join(process.cwd(), 'there'))
  assert.equal((await loadConfig({ file, env: {} })).secretsDir, join(file, '../here/secrets'))
})

test('INSTANCE_CONFIG names a file outside the checkout, which may export a function of the environment', async (t) => {
  const file = write(t, 'export default async ({ env }: { env: Record<string, string> }) => ({ instance: { name: env.TITLE } })')
  const config = await loadConfig({ env: { INSTANCE_CONFIG: file, TITLE: 'The Rock' } })
  assert.equal(config.instance.name, 'The Rock')
  assert.equal(config.mail.from, 'The Rock <no-reply@localhost>')
})

test('a variable that is set but empty counts as not set, except for the addresses whose empty value means something', async (t) => {
  const file = write(t, "export default { server: { port: 4000 }, database: { url: 'postgres://db/x' }, mail: { smtpUrl: 'smtp://mail' } }")
  const config = await loadConfig({ file, env: { PORT: '', DATABASE_URL: '', SMTP_URL: '' } })
  assert.equal(config.server.port, 4000)
  assert.equal(config.database.dialect, 'sqlite')
  assert.equal(config.mail.smtpUrl, '')
})

const wrongVariables: [Record<string, string>, RegExp][] = [
  [{ PORT: 'abc' }, /^The environment variable PORT is "abc", but it must be a whole number from 0 to 65535, such as 3000\.$/],
  [{ PORT: '65536' }, /PORT is "?65536"?, but/],
  [{ PORT: '-1' }, /PORT/],
  [{ PORT: '1e3' }, /PORT/],
  [{ PORT: '0' }, /PORT\).*set ORIGIN/],
  [{ HOST: '127.0.0.1:3000' }, /HOST is .*without a port/],
  [{ HOST: 'http://x' }, /HOST/],
  [
    { ORIGIN: 'skerry.example' },
    /ORIGIN is "skerry\.example", but it must be an address without a path, such as https:\/\/skerry\.example\.$/
  ],
  [{ ORIGIN: 'https://skerry.example/path' }, /ORIGIN/],
  [{ ORIGIN: 'https://user@skerry.example' }, /ORIGIN/],
  [{ ORIGIN: 'https://skerry.example.' }, /ORIGIN/],
  [{ ORIGIN: 'ftp://skerry.example' }, /ORIGIN/],
  [{ ORIGIN: 'http://skerry.example' }, /write https:\/\/skerry\.example and put a reverse proxy/],
  [{ HANDLE_DOMAIN: 'https://example.org' }, /HANDLE_DOMAIN .* such as example\.org/],
  [{ HANDLE_DOMAIN: 'example.org/x' }, /HANDLE_DOMAIN/],
  [{ TRUST_PROXY: 'true' }, /TRUST_PROXY/],
  [{ DATA_DIR: ' ' }, /DATA_DIR/],
  [{ DATABASE_URL: 'mysql://root:hunter2@db/x' }, /DATABASE_URL is not usable .*postgres:\/\//],
  [{ DATABASE_URL: 'skerry.sqlite' }, /empty for SQLite/],
  [{ SMTP_URL: 'mail.example' }, /SMTP_URL/],
  [{ ROLE: 'queue' }, /ROLE is "queue", but it must be all, web or worker\.$/],
  [{ ROLE: 'web' }, /ROLE\).*needs PostgreSQL: set DATABASE_URL/],
  [{ ROLE: 'worker', DATABASE_URL: '' }, /needs PostgreSQL/],
  [{ LOG_LEVEL: 'verbose' }, /LOG_LEVEL/],
  [{ OUTBOUND_ALLOW_ADDRESSES: 'localhost' }, /OUTBOUND_ALLOW_ADDRESSES/],
  [{ OUTBOUND_ALLOW_HTTP: 'maybe' }, /OUTBOUND_ALLOW_HTTP is "maybe", but it must be true or false\.$/],
  [{ OUTBOUND_DNS_SERVERS: '127.0.0.1:99999' }, /OUTBOUND_DNS_SERVERS/],
  [{ INSTANCE_CONFIG: '/nowhere/at/all.ts' }, /\/nowhere\/at\/all\.ts does not exist; correct INSTANCE_CONFIG/]
]

for (const [env, expected] of wrongVariables) {
  test(`the environment ${JSON.stringify(env)} is refused in one sentence`, async () => {
    const message = await refusal({ env })
    assert.match(message, expected)
    assert.ok(!message.includes('\n'))
    assert.ok(!message.includes('hunter2'), 'a password is never repeated')
  })
}

test('the doors for tests stay shut on a public address, unless the machine is said to be for tests', async () => {
  for (const door of [
    { OUTBOUND_ALLOW_ADDRESSES: '127.0.0.2' },
    { OUTBOUND_ALLOW_HTTP: '1' },
    { OUTBOUND_DNS_SERVERS: '127.0.0.1:5353' }
  ]) {
    const env = { ...door, ORIGIN: 'https://skerry.example' }
    assert.match(await refusal({ env }), new RegExp(`${Object.keys(door)[0]} opens doors meant for tests`))
    await loadConfig({ env: { ...env, INSECURE_TEST_MODE: '1' } })
    await loadConfig({ env: { ...door, ORIGIN: 'http://red.localhost:3001' } })
  }
  const closed = await loadConfig({ env: { ORIGIN: 'https://skerry.example', OUTBOUND_ALLOW_HTTP: '0', OUTBOUND_ALLOW_ADDRESSES: '' } })
  assert.equal(closed.outbound.allowHttp, false)
})

test('http is fine on names and addresses of this machine', async () => {
  for (const origin of ['http://localhost', 'http://red.localhost:3001', 'http://127.0.0.2:4000', 'http://[::1]:4000']) {
    assert.equal((await loadConfig({ env: { ORIGIN: origin } })).origin, origin)
  }
  assert.equal((await loadConfig({ env: { ORIGIN: 'http://a.test', INSECURE_TEST_MODE: '1' } })).host, 'a.test')
})

test('a wrong value in the file is refused with its line', async (t) => {
  const file = write(
    t,
    "import type { InstanceConfig } from '#server/config.ts'\n\n// port: a comment\nexport default {\n  server: {\n    port: 70000\n  }\n} satisfies InstanceConfig\n"
  )
  assert.match(
    await refusal({ file, env: {} }),
    /my\.config\.ts, line 6: server\.port is 70000, but it must be a whole number from 0 to 65535, such as 3000\.$/
  )
})

test('the line is found behind texts, comments, other groups and functions', async (t) => {
  const file = write(
    t,
    "const a = { port: '{ server: {' }\nexport default () => {\n  /* server: {\n port: */ return {\n    instance: { description: `x\n{ server: {`, name: \"it's }\" },\n    'server': { // port: 2 {\n      port: '1' } }\n}\n"
  )
  assert.match(await refusal({ file, env: {} }), /line 8: server\.port is "1"/)
})

test('a name that does not exist is refused with the one that was meant', async (t) => {
  assert.match(
    await refusal({ file: write(t, 'export default {\n  server: { prot: 1 } }'), env: {} }),
    /line 2: there is no setting "server\.prot"; did you mean "server\.port"\?$/
  )
  assert.match(await refusal({ file: write(t, 'export default {\n  port: 1 }'), env: {} }), /did you mean "server\.port"\?$/)
  assert.match(
    await refusal({ file: write(t, 'export default {\n\n  Origin: 1 }'), env: {} }),
    /line 3: there is no setting "Origin"; did you mean "origin"\?$/
  )
  assert.match(
    await refusal({ file: write(t, 'export default { server: { colour: 1 } }'), env: {} }),
    /server knows host, port, trustProxy, role, logLevel\.$/
  )
  assert.match(
    await refusal({ file: write(t, 'export default { server: 3000 }'), env: {} }),
    /server is 3000, but it must be a group of settings in braces/
  )
})

test('a file that cannot be read as configuration says so', async (t) => {
  assert.match(
    await refusal({ file: write(t, 'export default {\n  server: {\n'), env: {} }),
    /my\.config\.ts.* cannot be read as TypeScript: /
  )
  assert.match(await refusal({ file: write(t, 'export const x = 1'), env: {} }), /must export its settings, as in: export default \{/)
  assert.match(
    await refusal({ file: write(t, "import { loadConfig } from '#server/config.ts'\nexport default loadConfig"), env: {} }),
    /may import only types/
  )
})

async function refusal(options: Parameters<typeof loadConfig>[0]): Promise<string> {
  const error = await loadConfig(options).then(
    () => undefined,
    (reason: unknown) => reason
  )
  assert.ok(error instanceof ConfigError, `expected a ConfigError, got ${error}`)
  return error.message
}

/** A configuration file in a folder of its own, outside the checkout. */
function write(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(openScratch(), 'skerry-config-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'my.config.ts')
  writeFileSync(file, text)
  return file
}
