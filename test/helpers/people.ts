import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { eq } from 'drizzle-orm'
import { type Role, users } from '#db/schema/sign-in.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { createAccount } from '#server/sign-in/create-account.ts'
import { hiddenFieldsOf } from '#test/helpers/html.ts'

export const testPassword = 'correct horse battery'

export interface FileField {
  filename: string
  type: string
  bytes: Buffer
}

export type Fields = Record<string, string | FileField | (string | FileField)[]>

/** Somebody at a browser without JavaScript: cookies are kept, forms are sent with what their page holds. */
export interface Guest {
  get(path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  /** The page's text; fails unless it is answered 200. */
  page(path: string): Promise<string>
  /** Sends a form as a browser would: same origin, with the CSRF token of this visitor. Files make it multipart. */
  submit(path: string, fields?: Fields, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  /** A raw request, with cookies and nothing else. */
  request(options: {
    method: string
    url: string
    headers?: Record<string, string>
    payload?: string | Buffer
  }): Promise<LightMyRequestResponse>
}

export interface TestPerson extends Guest {
  readonly name: string
  readonly account: Account
}

export function guestOf(app: FastifyInstance, config: { origin: string; host: string }): Guest {
  const cookies = new Map<string, string>()
  let csrf: string | undefined

  async function request(options: { method: string; url: string; headers?: Record<string, string>; payload?: string | Buffer }) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await app.inject({
      ...(options as { method: 'GET'; url: string }),
      headers: { host: config.host, accept: 'text/html,application/xhtml+xml', ...(cookie ? { cookie } : {}), ...options.headers }
    })
    for (const { name, value, maxAge } of response.cookies as { name: string; value: string; maxAge?: number }[]) {
      if (value === '' || maxAge === 0) cookies.delete(name)
      else cookies.set(name, value)
    }
    csrf = hiddenFieldsOf(response.body).csrf ?? csrf
    return response
  }

  const guest: Guest = {
    request,
    get: (url, headers) => request({ method: 'GET', url, headers }),
    async page(url) {
      const response = await guest.get(url)
      if (response.statusCode !== 200) throw new Error(`GET ${url} answered ${response.statusCode}: ${response.body.slice(0, 500)}`)
      return response.body
    },
    async submit(url, fields = {}, headers = {}) {
      // A visitor who has seen no form yet opens the page that has one for everybody.
      if (csrf === undefined) await guest.get('/sign-in')
      const { body, type } = encode({ csrf: csrf ?? '', ...fields })
      const sent = { origin: config.origin, 'sec-fetch-site': 'same-origin', 'content-type': type, ...headers }
      const response = await request({ method: 'POST', url, headers: sent, payload: body })
      // Signing in or out changes the session, and with it the token.
      if (url === '/sign-in' || url === '/sign-out') csrf = undefined
      return response
    }
  }
  return guest
}

/** Makes an account (confirmed and approved) and signs it in through the door. */
export async function createPerson(ctx: Context, app: FastifyInstance, name: string, role: Role): Promise<TestPerson> {
  const account = await createAccount(ctx, { kind: 'operator' }, { name, email: `${name}@mail.test`, password: testPassword, role })
  // They have been here for a while, and are not led through their first steps.
  await ctx.transact((tx) => tx.update(users).set({ welcomedAt: tx.now }).where(eq(users.accountId, account.id)))
  const guest = guestOf(app, ctx.config)
  const response = await guest.submit('/sign-in', { login: name, password: testPassword })
  if (response.statusCode !== 303) throw new Error(`Signing in answered ${response.statusCode}: ${response.body.slice(0, 500)}`)
  await guest.get('/home')
  return { ...guest, name, account }
}

function encode(fields: Fields): { body: string | Buffer; type: string } {
  const entries = Object.entries(fields).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((each) => [name, each] as const) : [[name, value] as const]
  )
  if (entries.every(([, value]) => typeof value === 'string')) {
    return { body: new URLSearchParams(entries as [string, string][]).toString(), type: 'application/x-www-form-urlencoded' }
  }
  const boundary = 'skerry-test-boundary'
  const parts = entries.map(([name, value]) =>
    typeof value === 'string'
      ? Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
      : Buffer.concat([
          Buffer.from(
            `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${value.filename}"\r\ncontent-type: ${value.type}\r\n\r\n`
          ),
          value.bytes,
          Buffer.from('\r\n')
        ])
  )
  return { body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]), type: `multipart/form-data; boundary=${boundary}` }
}
