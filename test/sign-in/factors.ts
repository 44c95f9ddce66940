import { Secret, TOTP } from 'otpauth'
import { textOf } from '#test/helpers/html.ts'
import type { Instance } from '#test/helpers/instance.ts'
import { type Guest, testPassword } from '#test/helpers/people.ts'

const home = '/settings/security'

/** The app on somebody's phone. */
export interface CodeApp {
  code(at?: number): string
}

/** Sets codes up as a person does, and gives the app and the recovery codes that were shown. */
export async function setUpCodes(instance: Instance, person: Guest): Promise<{ app: CodeApp; recoveryCodes: string[] }> {
  await person.submit(`${home}/code-app/start`)
  const page = await person.page(`${home}/code-app`)
  const [, shown = ''] = /<code>([A-Z2-7 ]+)<\/code>/.exec(page) ?? []
  const secret = Secret.fromBase32(shown.replaceAll(' ', ''))
  const app: CodeApp = { code: (at = instance.clock.now()) => TOTP.generate({ secret, timestamp: at }) }
  const answer = await person.submit(`${home}/code-app`, { code: app.code(), password: testPassword })
  if (answer.statusCode !== 200 && answer.statusCode !== 303) throw new Error(`Codes were not switched on: ${textOf(answer.body)}`)
  // The code that switched them on is used up.
  instance.clock.advance(30_000)
  return { app, recoveryCodes: recoveryCodesIn(answer.body) }
}

export function recoveryCodesIn(html: string): string[] {
  return [...html.matchAll(/<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})<\/code>/g)].map(([, code]) => code!)
}

/** A browser of its own that has typed the password and is asked for the second factor. */
export async function startStep(instance: Instance, login = 'ana'): Promise<Guest> {
  const guest = instance.guest()
  const answer = await guest.submit('/sign-in', { login, password: testPassword })
  if (answer.headers.location !== '/sign-in/step') throw new Error(`There is no second step: ${answer.statusCode}`)
  await guest.get('/sign-in/step')
  return guest
}

export async function isIn(guest: Guest): Promise<boolean> {
  return (await guest.get('/settings/account')).statusCode === 200
}
