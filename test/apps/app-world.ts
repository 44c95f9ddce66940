import { createHash } from 'node:crypto'
import assert from 'node:assert/strict'
import type { LightMyRequestResponse } from 'fastify'
import { hiddenFieldsOf } from '#test/helpers/html.ts'
import type { Instance } from '#test/helpers/instance.ts'
import type { Guest } from '#test/helpers/people.ts'

export const callback = 'https://client.test/callback'
export const verifier = 'a-verifier-of-forty-three-characters-or-more'
export const challenge = createHash('sha256').update(verifier).digest('base64url')

/** Who an app acts for: what every token of a person opens that may read. */
export const mine = '/api/v1/accounts/verify_credentials'

export interface TestApp {
  clientId: string
  clientSecret: string
  /** The query of an authorization as this app asks for it. */
  asks(changes?: Record<string, string | undefined>): string
}

type Body = Record<string, string | string[]>

/** What a program sends: no cookies, no Origin. */
export function send(
  instance: Instance,
  path: string,
  body: Body = {},
  headers: Record<string, string> = {}
): Promise<LightMyRequestResponse> {
  const entries = Object.entries(body).flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, each]))
  return instance.app.inject({
    method: 'POST',
    url: path,
    headers: { host: instance.config.host, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(entries).toString()
  })
}

/** Asks with a token, or with none. */
export function ask(
  instance: Instance,
  path: string,
  token?: string,
  headers: Record<string, string> = {}
): Promise<LightMyRequestResponse> {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return instance.app.inject({ method: 'GET', url: path, headers: { host: instance.config.host, ...authorization, ...headers } })
}

export async function statusOf(instance: Instance, token: string): Promise<number> {
  return (await ask(instance, mine, token)).statusCode
}

export async function register(instance: Instance, changes: Body = {}): Promise<TestApp> {
  const body = {
    client_name: 'Lantern',
    redirect_uris: callback,
    scopes: 'read write follow push',
    website: 'https://lantern.test',
    ...changes
  }
  const answer = await send(instance, '/api/v1/apps', body)
  assert.equal(answer.statusCode, 200, answer.body)
  const { client_id: clientId, client_secret: clientSecret } = answer.json()
  const usual = { client_id: clientId, redirect_uri: [body.redirect_uris].flat()[0]!, response_type: 'code', scope: 'read' }
  return {
    clientId,
    clientSecret,
    asks: (asked = {}) => {
      const all = Object.entries({ ...usual, ...asked }).filter((each): each is [string, string] => each[1] !== undefined)
      return new URLSearchParams(all).toString()
    }
  }
}

/** Opens the page on which an app asks, and presses a button on it. */
export async function decide(person: Guest, query: string, decision: 'allow' | 'deny' = 'allow'): Promise<LightMyRequestResponse> {
  const page = await person.get(`/oauth/authorize?${query}`)
  assert.equal(page.statusCode, 200, page.body.slice(0, 300))
  const { csrf = '' } = hiddenFieldsOf(page.body.slice(page.body.lastIndexOf('<form')))
  return person.submit(`/oauth/authorize?${query}`, { csrf, decision })
}

/** What was carried back to the app. */
export function answerIn(response: LightMyRequestResponse): URLSearchParams {
  assert.equal(response.statusCode, 303, response.body.slice(0, 300))
  return new URL(String(response.headers.location)).searchParams
}

export async function codeFor(person: Guest, query: string): Promise<string> {
  const code = answerIn(await decide(person, query)).get('code')
  assert.ok(code)
  return code
}

/** Gives a code in. */
export function exchange(instance: Instance, app: TestApp, code: string, changes: Body = {}): Promise<LightMyRequestResponse> {
  const { clientId, clientSecret } = app
  const body = {
    grant_type: 'authorization_code',
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uri: callback,
    code,
    ...changes
  }
  return send(instance, '/oauth/token', body)
}

/** A token by the whole way. */
export async function tokenFor(instance: Instance, person: Guest, app: TestApp, scope = 'read'): Promise<string> {
  const answer = await exchange(instance, app, await codeFor(person, app.asks({ scope })))
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json().access_token
}
