// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { ask, challenge, exchange, register, type TestApp, verifier } from '#test/apps/app-world.ts'
import { openBrowser } from '#test/helpers/browser.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { faultsOfAccess, faultsOfHtml } from '#test/helpers/page-checks.ts'
import { testPassword } from '#test/helpers/people.ts'
import { setUpCodes } from '#test/sign-in/factors.ts'
import { listen } from '#test/helpers/listen.ts'

const origin = 'http://skerry.localhost'
const back = 'http://client.localhost/callback'
const mine = '/api/v1/accounts/verify_credentials'
const stepMs = 15_000
const proof = { code_challenge: challenge, code_challenge_method: 'S256', state: 'from the client' }

/** The app on its own origin: whatever comes back to it is led on once more, as apps on the web do, and shown. */
async function startClient(t: TestContext): Promise<number> {
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', back)
    if (pathname === '/callback') return response.writeHead(302, { location: `/home${search}` }).end()
    response.setHeader('content-type', 'text/html').end('<title>Client</title><h1>Back in the app</h1>')
  })
  return listen(t, server)
}

async function start(t: TestContext, { javaScriptEnabled = true, bypassCSP = false } = {}) {
  const clientPort = await startClient(t)
  const instance = await startInstance(t, { origin })
  const { port } = instance.app.server.address() as AddressInfo
  const browser = await openBrowser(t, { 'skerry.localhost': port, 'client.localhost': clientPort })
  const context = await browser.newContext({ javaScriptEnabled, bypassCSP })
  context.setDefaultTimeout(stepMs)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) complaints.push(message.text())
  })
  const ana = await instance.as('ana')
  return { instance, page, ana, complaints }
}

async function typePassword(page: Page): Promise<void> {
  await page.getByLabel('Name or e-mail address').fill('ana')
  await page.getByLabel('Password').fill(testPassword)
  await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function tokenOf(instance: Instance, app: TestApp, url: string, redirectUri = back): Promise<string> {
  const said = new URL(url).searchParams
  assert.equal(said.get('state'), 'from the client')
  assert.equal(said.get('iss'), origin)
  const answer = await exchange(instance, app, said.get('code') ?? '', { redirect_uri: redirectUri, code_verifier: verifier })
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json().access_token
}

for (const javaScriptEnabled of [true, false]) {
  test(`signed out, an app is let in and removed again ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async (t) => {
    const { instance, page, ana, complaints } = await start(t, { javaScriptEnabled })
    const codes = await setUpCodes(instance, ana)
    const app = await register(instance, { redirect_uris: back })
    await page.goto(`${origin}/oauth/authorize?${app.asks(proof)}`)
    await typePassword(page)
    await page.getByLabel('Code').fill(codes.app.code())
    await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Allow Lantern?' }).waitFor()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByRole('heading', { name: 'Back in the app' }).waitFor()
    const token = await tokenOf(instance, app, page.url())
    assert.equal((await ask(instance, mine, token)).json().username, 'ana')

    await page.goto(`${origin}/settings`)
    await page.getByRole('link', { name: 'Apps', exact: true }).click()
    await page.getByRole('button', { name: 'Remove Lantern' }).click()
    await page.getByText('The app may not act for you any more.').waitFor()
    await page.getByText('No app may act for you.', { exact: true }).waitFor()
    const dead = await ask(instance, mine, token)
    assert.equal(dead.statusCode, 401)
    assert.match(String(dead.headers['www-authenticate']), /^Bearer .*error="invalid_token"/)
    assert.deepEqual(complaints, [])
  })
}

test('an app of the device is led back to by a scheme of its own; a denial too, by the keyboard alone', async (t) => {
  const { instance, page, complaints } = await start(t)
  const scheme = 'lantern://let-in'
  const app = await register(instance, { redirect_uris: [scheme, back] })
  await page.goto(`${origin}/oauth/authorize?${app.asks({ ...proof, redirect_uri: scheme })}`)
  await typePassword(page)
  const button = page.getByRole('button', { name: 'Allow' })
  await button.waitFor()
  const [led] = await Promise.all([page.waitForRequest((request) => request.url().startsWith(scheme)), button.click()])
  await tokenOf(instance, app, led.url(), scheme)

  await page.goto(`${origin}/oauth/authorize?${app.asks({ ...proof, redirect_uri: back })}`)
  await button.focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Back in the app' }).waitFor()
  assert.equal(new URL(page.url()).searchParams.get('error'), 'access_denied')
  assert.deepEqual(complaints, [])
})

test('the pages around apps have no fault of access or HTML, in either scheme', async (t) => {
  const { instance, page, ana } = await start(t, { bypassCSP: true })
  const oob = 'urn:ietf:wg:oauth:2.0:oob'
  const app = await register(instance, { redirect_uris: [oob, back] })
  const faults: string[] = []
  const look = async () => {
    const name = page.url().slice(origin.length, origin.length + 60)
    faults.push(...(await faultsOfHtml((await ana.get(page.url().slice(origin.length))).body, name)))
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      faults.push(...(await faultsOfAccess(page, `${name} (${colorScheme})`, { onlyColours: colorScheme === 'dark' })))
    }
  }
  await page.goto(`${origin}/sign-in`)
  await typePassword(page)
  await page.waitForURL(`${origin}/home`)
  for (const path of [
    '/settings/apps',
    '/sign-in?again=yes',
    `/oauth/authorize?${app.asks({ scope: 'nonsense' })}`,
    '/oauth/authorize?x=1'
  ]) {
    await page.goto(origin + path)
    await look()
  }
  await page.goto(`${origin}/oauth/authorize?${app.asks({ scope: 'read write follow push' })}`)
  await look()
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.getByRole('heading', { name: 'Your code' }).waitFor()
  await look()
  const code = new URL(page.url()).searchParams.get('code') ?? ''
  assert.equal((await exchange(instance, app, code, { redirect_uri: oob })).statusCode, 200)
  await page.goto(`${origin}/settings/apps`)
  await look()
  assert.deepEqual(faults, [])
})
