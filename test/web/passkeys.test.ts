// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { passkeys } from '#db/schema/factors.ts'
import { openBrowser } from '#test/helpers/browser.ts'
import { textOf } from '#test/helpers/html.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { testPassword } from '#test/helpers/people.ts'
import { watchMails } from '#test/sign-in/mails.ts'

const origin = 'http://skerry.localhost'
const stepMs = 15_000
const minuteMs = 60_000
const security = '/settings/security'

/** A person at a real browser whose device has a fingerprint reader. */
interface Seat {
  page: Page
  context: BrowserContext
  device: CDPSession
  /** Another device of the same person, in place of the one before. */
  takeOther(): Promise<void>
}

async function start(t: Parameters<typeof startInstance>[0]) {
  const instance = await startInstance(t, { origin })
  await instance.as('ana')
  const { port } = instance.app.server.address() as { port: number }
  const browser = await openBrowser(t, { 'skerry.localhost': port })
  return { instance, browser }
}

async function sit(browser: Browser): Promise<Seat> {
  const context = await browser.newContext({ baseURL: origin })
  context.setDefaultTimeout(stepMs)
  const page = await context.newPage()
  const device = await context.newCDPSession(page)
  await device.send('WebAuthn.enable')
  let id = await addDevice(device)
  return {
    page,
    context,
    device,
    async takeOther() {
      await device.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: id })
      id = await addDevice(device)
    }
  }
}

async function addDevice(device: CDPSession): Promise<string> {
  const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true
    }
  })
  return authenticatorId
}

async function signIn({ page }: Seat, to = /\/home$/): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('Name or e-mail address').fill('ana')
  await page.getByLabel('Password', { exact: true }).fill(testPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(to)
}

async function addPasskey({ page }: Seat, name: string): Promise<void> {
  await page.goto(`${security}/passkeys/new`)
  await page.getByLabel('Name of the passkey').fill(name)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.waitForURL(`**${security}`)
  await page.getByText('The passkey is added.').waitFor()
}

/** What the browser sends to an address next, kept back from the server. */
function catchForm(page: Page, path: string): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    page
      .route(`**${path}`, async (route) => {
        if (route.request().method() !== 'POST') return route.continue()
        resolve(new URLSearchParams(route.request().postData() ?? ''))
        return route.abort()
      })
      .catch(reject)
  })
}

const countPasskeys = ({ ctx }: Instance) => ctx.db.$count(passkeys)

test('a passkey is added with a name, signs in alone, is renamed and removed', async (t) => {
  const { instance, browser } = await start(t)
  const mails = watchMails(instance)
  const seat = await sit(browser)
  const { page } = seat
  await signIn(seat)
  await addPasskey(seat, 'Phone')
  const [row] = await instance.ctx.db.select().from(passkeys)
  assert.equal(row!.name, 'Phone')

  await page.context().clearCookies()
  await page.goto('/sign-in?next=%2Flocal')
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
  for (const unsaid of ['That did not work', 'Passkeys need JavaScript', 'does not know passkeys'])
    assert.equal(await page.getByText(unsaid).isVisible(), false, unsaid)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL(/\/local$/)
  await page.goto('/settings/sessions')
  assert.match(await page.locator('main').innerText(), /Signed in by passkey/)

  await page.goto(security)
  await page.getByRole('link', { name: 'Change passkey Phone' }).click()
  await page.getByLabel('Name of the passkey').fill('Old phone')
  await page.getByRole('button', { name: 'Save name' }).click()
  await page.waitForURL(`**${security}`)
  await page.getByRole('link', { name: 'Change passkey Old phone' }).click()
  await page.getByRole('button', { name: 'Remove passkey' }).click()
  await page.waitForURL(`**${security}`)
  assert.equal(await countPasskeys(instance), 0)
  await page.context().clearCookies()
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByText('This passkey is not known here.').waitFor()
  await instance.runJobs()
  assert.deepEqual(mails.filter(({ subject }) => /passkey/.test(subject)).length, 2)
})

test('AUT-02: a passkey’s answer counts once, in the browser that was asked, for the use it was asked for, soon, and when it counts upwards', async (t) => {
  const { instance, browser } = await start(t)
  const seat = await sit(browser)
  const { page } = seat
  await signIn(seat)
  await addPasskey(seat, 'Phone')
  const signed = async () => {
    await page.context().clearCookies()
    await page.goto('/sign-in')
    const sent = catchForm(page, '/sign-in/passkey')
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    const form = await sent
    await page.unroute('**/sign-in/passkey')
    const cookies = await page.context().cookies()
    return { form, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }
  }
  const send = async ({ form, cookie }: { form: URLSearchParams; cookie: string }) => {
    const headers = { host: 'skerry.localhost', accept: 'text/html', cookie, 'content-type': 'application/x-www-form-urlencoded', origin }
    const answer = await instance.app.inject({ method: 'POST', url: '/sign-in/passkey', headers, payload: form.toString() })
    return { status: answer.statusCode, isIn: JSON.stringify(answer.cookies).includes('"session"') }
  }

  const good = await signed()
  const answers = await Promise.all([send(good), send(good), send(good)])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 422, 422], 'of three at once, one')
  assert.equal((await send(good)).status, 422)

  const other = instance.guest()
  const foreign = await other.submit('/sign-in/passkey', { answer: (await signed()).form.get('answer')! })
  assert.equal(foreign.statusCode, 422, 'another browser')
  const ana = await instance.as('ana')
  const proof = await ana.submit('/settings/proof/passkey', { answer: (await signed()).form.get('answer')! })
  assert.equal(proof.statusCode, 422, 'another use')

  const late = await signed()
  instance.clock.advance(6 * minuteMs)
  assert.deepEqual(await send(late), { status: 422, isIn: false }, 'too late')

  const bent = await signed()
  const answer = JSON.parse(bent.form.get('answer')!)
  const clientData = JSON.parse(Buffer.from(answer.response.clientDataJSON, 'base64url').toString())
  const elsewhere = Buffer.from(JSON.stringify({ ...clientData, origin: 'http://evil.localhost' })).toString('base64url')
  const forms = [
    { ...answer, response: { ...answer.response, clientDataJSON: elsewhere } },
    { ...answer, response: { ...answer.response, signature: 'AAAA' } },
    { ...answer, id: 'AAAA', rawId: 'AAAA' }
  ]
  for (const each of forms) {
    const form = new URLSearchParams(bent.form)
    form.set('answer', JSON.stringify(each))
    assert.deepEqual(await send({ ...bent, form }), { status: 422, isIn: false }, JSON.stringify(each).slice(0, 80))
  }

  for (const each of [{ ...answer, response: null }, { ...answer, response: { ...answer.response, clientDataJSON: '' } }, [], null]) {
    const form = new URLSearchParams(bent.form)
    form.set('answer', JSON.stringify(each))
    assert.deepEqual(await send({ ...bent, form }), { status: 400, isIn: false }, JSON.stringify(each))
  }

  const copied = await signed()
  await instance.ctx.transact((tx) => tx.update(passkeys).set({ counter: 1_000_000 }))
  assert.deepEqual(await send(copied), { status: 422, isIn: false }, 'a counter that went back')
})

test('a passkey is asked for after the password where its owner wants that, and a recovery code does too', async (t) => {
  const { instance, browser } = await start(t)
  const seat = await sit(browser)
  const { page } = seat
  await signIn(seat)
  await addPasskey(seat, 'Phone')
  await page.goto(security)
  await page.getByRole('link', { name: 'Ask for a passkey too' }).click()
  await page.getByRole('button', { name: 'Ask for a passkey too' }).click()
  await page.getByText('you need two passkeys').first().waitFor()
  await page.goto(`${security}/recovery-codes`)
  await page.getByRole('button', { name: 'Show ten new codes' }).click()
  const codes = await page.locator('.recovery-codes code').allInnerTexts()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as a text file' }).click()
  assert.match((await download).suggestedFilename(), /recovery-codes\.txt$/)
  await page.goto(`${security}/passkey-asked`)
  await page.getByRole('button', { name: 'Ask for a passkey too' }).click()
  await page.getByText('A passkey is asked for after your password').waitFor()

  await page.context().clearCookies()
  await signIn(seat, /\/sign-in\/step$/)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.waitForURL(/\/home$/)
  const [row] = await instance.ctx.db.select().from(passkeys)
  await page.goto(`${security}/passkeys/${row!.id}`)
  await page.getByRole('button', { name: 'Remove passkey' }).click()
  await page.getByText('This passkey stays for now').waitFor()

  await page.context().clearCookies()
  await signIn(seat, /\/sign-in\/step$/)
  await page.getByRole('link', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').fill(codes[0]!)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(/\/home$/)
})

test('passkeys as the only way in: the password goes once nothing lost keeps its owner out, and mail lets nobody in', async (t) => {
  const { instance, browser } = await start(t)
  const mails = watchMails(instance)
  const seat = await sit(browser)
  const { page } = seat
  await signIn(seat)
  await addPasskey(seat, 'Phone')
  await page.goto(`${security}/password-removal`)
  await page.getByText('Before you can remove your password').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Remove password' }).count(), 0)
  await seat.takeOther()
  await addPasskey(seat, 'Blue key')
  await page.goto(`${security}/password-removal`)
  await page.getByRole('button', { name: 'Remove password' }).click()
  await page.getByText('Your password is removed').waitFor()
  const [row] = await instance.ctx.db.select().from(passkeys)
  await page.goto(`${security}/passkeys/${row!.id}`)
  await page.getByRole('button', { name: 'Remove passkey' }).click()
  await page.getByText('This passkey stays for now').waitFor()

  assert.equal((await instance.guest().submit('/sign-in', { login: 'ana', password: testPassword })).statusCode, 422)
  for (const password of ['', ' ']) assert.equal((await instance.guest().submit('/sign-in', { login: 'ana', password })).statusCode, 422)
  await instance.guest().submit('/password', { email: 'ana@mail.test' })
  await instance.runJobs()
  const told = mails.find(({ subject }) => /has no password$/.test(subject))
  assert.match(told!.text, /\/sign-in\/recovery/)
  assert.ok(!mails.some(({ text }) => text.includes('/password/')), 'there is no link that sets a password')

  // Ten minutes later, what is dangerous asks for the passkey again.
  instance.clock.advance(11 * minuteMs)
  await page.goto(`${security}/recovery-codes`)
  await page.getByRole('button', { name: 'Show ten new codes' }).click()
  await page.getByText('Please show first that it is you').waitFor()
  await page.getByRole('link', { name: 'Show that it is you' }).click()
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.waitForURL(`**${security}/recovery-codes`)
  await page.getByRole('button', { name: 'Show ten new codes' }).click()
  const [code = ''] = await page.locator('.recovery-codes code').allInnerTexts()

  const lost = instance.guest()
  assert.equal((await lost.submit('/sign-in/recovery', { login: 'ana', code })).statusCode, 303)
  assert.equal((await lost.get('/settings/account')).statusCode, 200)
  const chosen = await lost.submit('/settings/password', { newPassword: 'another long password' })
  assert.equal(chosen.statusCode, 303, textOf(chosen.body))
  assert.equal((await instance.guest().submit('/sign-in', { login: 'ana', password: 'another long password' })).statusCode, 303)
})

test('without JavaScript the pages say that passkeys need it, and offer the other ways', async (t) => {
  const { instance, browser } = await start(t)
  const context = await browser.newContext({ baseURL: origin, javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.getByText('Passkeys need JavaScript').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Sign in with a passkey' }).isVisible(), false)
  await page.getByLabel('Name or e-mail address').fill('ana')
  await page.getByLabel('Password', { exact: true }).fill(testPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(/\/home$/)
  await page.goto(`${security}/passkeys/new`)
  await page.getByText('Passkeys need JavaScript').waitFor()
  await page.getByLabel('Name of the passkey').fill('Phone')
  await page.getByLabel('Name of the passkey').press('Enter')
  await page.locator('.flash-bad', { hasText: 'Passkeys need JavaScript' }).waitFor()
  assert.equal(await page.getByLabel('Name of the passkey').inputValue(), 'Phone')
  assert.equal(await countPasskeys(instance), 0)
})
