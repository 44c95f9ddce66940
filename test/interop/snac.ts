import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { until } from '#test/flows/processes.ts'
import type { PackageTree } from '#test/interop/debian-packages.ts'

export interface Snac {
  readonly origin: string
  readonly host: string
  addUser(name: string): Promise<SnacPerson>
  removeUser(name: string): Promise<void>
  output(): string
}

/** A post as snac's Mastodon API tells it, as far as it is looked at here. */
export interface SnacStatus {
  id: string
  uri: string
  content: string
  visibility: string
  spoiler_text: string
  favourites_count: number
  reblogs_count: number
  in_reply_to_id: string | null
  media_attachments: { description: string | null; url: string }[]
  reblog: SnacStatus | null
  account: { acct: string; url: string }
  poll: { id: string; options: { title: string; votes_count: number }[] } | null
}

export interface SnacNotification {
  type: string
  account: { acct: string; url: string }
  status?: SnacStatus
}

/** Somebody on snac, who acts by its command line, by its Mastodon API and by the forms of its pages. */
export interface SnacPerson {
  readonly name: string
  readonly handle: string
  readonly uri: string
  /** Runs `snac <command> <base directory> <user> …` and gives what it printed. */
  run(command: string, ...args: string[]): Promise<string>
  api<T = unknown>(method: string, path: string, fields?: Record<string, string | string[]>): Promise<T>
  /** Sends a form of the person's own pages: `action` has the buttons under a post, `note` is the composer. */
  submit(form: 'action' | 'note', fields: Record<string, string>): Promise<void>
  /** What a search for an address finds, fetched if need be. */
  find<T = unknown>(kind: 'accounts' | 'statuses', address: string): Promise<T>
  post(words: string, fields?: Record<string, string | string[]>): Promise<SnacStatus>
  /** Gives the picture to snac, for a post to name by its id. */
  upload(png: Uint8Array<ArrayBuffer>, description: string): Promise<{ id: string }>
  home(): Promise<SnacStatus[]>
  /** Waits until a post with these words is in the home timeline, and so on. */
  sees(words: string): Promise<SnacStatus>
  isTold(type: string, words?: string): Promise<SnacNotification>
}

/** snac with its defaults, its data in `dir`, listening on a port of 127.0.0.1. */
export async function startSnac(tree: PackageTree, dir: string, origin: string, port: number): Promise<Snac> {
  const { host } = new URL(origin)
  const [loader = '', ...before] = tree.command('usr/bin/snac')
  const env = { PATH: process.env.PATH, HOME: dir, DEBUG: '1' }
  let output = ''

  async function run(args: string[], input?: string): Promise<string> {
    const child = spawn(loader, [...before, ...args], { env, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] })
    const closed = once(child, 'close')
    child.stdin?.end(input)
    const [told, complained, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), closed])
    output += complained
    if (code !== 0) throw new Error(`snac ${args[0]} ended with ${code}: ${told}${complained}`)
    return told
  }

  await run(['init', dir], `127.0.0.1\n${port}\n${host}\n\n\n`)
  const settings = join(dir, 'server.json')
  writeFileSync(settings, JSON.stringify({ ...JSON.parse(readFileSync(settings, 'utf8')), shared_inboxes: true }))
  const server = spawn(loader, [...before, 'httpd', dir], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', (words: string) => (output += words))
  await until('snac to answer', async () => {
    if (server.exitCode !== null) throw new Error(`snac ended with ${server.exitCode}: ${output}`)
    return (await fetch(`http://127.0.0.1:${port}/nodeinfo_2_0`, { headers: { host } }).catch(() => undefined))?.ok
  })

  return {
    origin,
    host,
    output: () => output,
    async addUser(name) {
      const told = await run(['adduser', dir, name])
      const password = /password is (\S+)/.exec(told)?.[1]
      if (password === undefined) throw new Error(`snac told no password: ${told}`)
      const token = await tokenOf(origin, name, password)
      return personOf(origin, name, password, token, (command, ...args) => run([command, dir, name, ...args]))
    },
    async removeUser(name) {
      await run(['deluser', dir, name])
    }
  }
}

async function tokenOf(origin: string, login: string, passwd: string): Promise<string> {
  const page = await fetch(`${origin}/oauth/x-snac-get-token`, { method: 'POST', body: new URLSearchParams({ login, passwd }) })
  const token = /[0-9a-f]{32,}/.exec(await page.text())?.[0]
  if (token === undefined) throw new Error(`snac gave no token (${page.status}).`)
  return token
}

function personOf(origin: string, name: string, password: string, token: string, run: SnacPerson['run']): SnacPerson {
  const person: SnacPerson = {
    name,
    handle: `@${name}@${new URL(origin).host}`,
    uri: `${origin}/${name}`,
    run,
    async api<T>(method: string, path: string, fields: Record<string, string | string[]> = {}) {
      const form = new URLSearchParams(Object.entries(fields).flatMap(([key, value]) => [value].flat().map((each) => [key, each])))
      const response = await fetch(`${origin}/api${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: form })
      })
      const body = await response.text()
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${body.slice(0, 300)}`)
      return JSON.parse(body === '' ? 'null' : body) as T
    },
    async submit(form, fields) {
      const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
      // A content type that names a character set is not one that snac's forms know.
      const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
      const body = new URLSearchParams(fields).toString()
      const response = await fetch(`${origin}/${name}/admin/${form}`, { method: 'POST', headers, body, redirect: 'manual' })
      if (response.status >= 400) throw new Error(`The form ${form} answered ${response.status}: ${(await response.text()).slice(0, 300)}`)
    },
    async find<T>(kind: 'accounts' | 'statuses', address: string) {
      let found: T | undefined
      await until(`snac to find ${address}`, async () => {
        const query = new URLSearchParams({ q: address, resolve: 'true', type: kind })
        return (found = (await person.api<Record<string, T[]>>('GET', `/v2/search?${query}`))[kind]?.[0])
      })
      return found!
    },
    post: (status, fields = {}) => person.api<SnacStatus>('POST', '/v1/statuses', { status, visibility: 'public', ...fields }),
    async upload(png, description) {
      const form = new FormData()
      form.set('file', new Blob([png], { type: 'image/png' }), 'picture.png')
      form.set('description', description)
      const response = await fetch(`${origin}/api/v2/media`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: form })
      return (await response.json()) as { id: string }
    },
    home: () => person.api<SnacStatus[]>('GET', '/v1/timelines/home?limit=40'),
    async sees(words) {
      let found: SnacStatus | undefined
      await until(
        `"${words}" in the home of ${name}`,
        async () => (found = (await person.home()).find((each) => each.content.includes(words)))
      )
      return found!
    },
    async isTold(type, words = '') {
      let found: SnacNotification | undefined
      await until(`${name} to be told of ${type} ${words}`, async () => {
        const all = await person.api<SnacNotification[]>('GET', '/v1/notifications')
        return (found = all.find((each) => each.type === type && (words === '' || (each.status?.content ?? '').includes(words))))
      })
      return found!
    }
  }
  return person
}
