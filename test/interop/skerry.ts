import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '#test/flows/processes.ts'
import { hiddenFieldsOf, textOf, unescapeHtml } from '#test/helpers/html.ts'

const main = join(import.meta.dirname, '../../server/main.ts')
const password = 'correct horse battery'
const startMsMax = 30_000

export interface Skerry {
  readonly origin: string
  /** The one that everybody here signs up with. */
  readonly password: string
  readonly host: string
  /** Signs somebody up through the forms: the first one becomes the owner, by the link on the terminal. */
  signUp(name: string): Promise<SkerryPerson>
  output(): string
}

/** A post as it stands on a page. */
export interface ShownPost {
  id: string
  uri: string
  html: string
}

/** Somebody at a browser without JavaScript. */
export interface SkerryPerson {
  readonly name: string
  readonly handle: string
  readonly uri: string
  page(path: string): Promise<string>
  submit(path: string, fields?: Record<string, string | string[]> | FormData): Promise<Response>
  /** Presses one of the buttons beside an account, found by its handle: `follow`, `block`, … */
  pressBeside(handle: string, act: string): Promise<void>
  /** Follows somebody and waits until that is accepted. */
  follow(whom: { handle: string }): Promise<void>
  post(text: string, more?: Record<string, string>): Promise<ShownPost>
  /** Posts a picture: uploads it with the text, and describes it on the page that follows. */
  postImage(text: string, png: Uint8Array<ArrayBuffer>, description: string): Promise<ShownPost>
  /** The newest post with these words on a page; waits until there is one. */
  sees(path: string, words: string): Promise<ShownPost>
  /** Waits until a page has, or no longer has, such words. */
  reads(path: string, words: RegExp): Promise<void>
  misses(path: string, words: RegExp): Promise<void>
}

/** Skerry as it runs in production: a process of its own behind a proxy, with nothing relaxed but the authority it trusts. */
export async function startSkerry(dir: string, origin: string, port: number, authority: string): Promise<Skerry> {
  mkdirSync(dir)
  const dataDir = join(dir, 'data')
  const config = join(dir, 'instance.config.ts')
  writeFileSync(config, "export default { instance: { name: 'Skerry', signUp: 'open' } }\n")
  let output = ''
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: dir,
      ORIGIN: origin,
      PORT: String(port),
      TRUST_PROXY: '127.0.0.1',
      DATA_DIR: dataDir,
      INSTANCE_CONFIG: config,
      LOG_LEVEL: 'info',
      NODE_EXTRA_CA_CERTS: authority
    }
  })
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  await until('Skerry to greet', async () => hasGreeted(child, output, origin), startMsMax)

  let isOwned = false
  const { host } = new URL(origin)
  return {
    origin,
    host,
    password,
    output: () => output,
    async signUp(name) {
      const person = personOf(origin, name)
      const email = `${name}@${host}`
      if (!isOwned) {
        isOwned = true
        const link = new RegExp(`${origin}(/owner/\\S+)`).exec(output)?.[1]
        if (link === undefined) throw new Error(`There is no link for the owner on the terminal: ${output}`)
        await person.page(link)
        await person.submit(link, { name, email, password })
      } else {
        await person.page('/sign-up')
        await person.submit('/sign-up', { name, email, password, reason: '', inviteCode: '', consent: 'on' })
        await until('the mail', async () => linkMailed(dataDir, email))
        const link = new URL(linkMailed(dataDir, email) ?? '').pathname
        await person.page(link)
        await person.submit(link)
        await person.submit('/sign-in', { login: name, password })
      }
      await person.page('/home')
      return person
    }
  }
}

function hasGreeted(child: ChildProcess, output: string, origin: string): boolean {
  if (child.exitCode !== null) throw new Error(`Skerry ended with ${child.exitCode}: ${output}`)
  // The link for the owner is the last thing that a fresh instance says before it is ready for people.
  return output.includes(`${origin}/owner/`)
}

function linkMailed(dataDir: string, email: string): string | undefined {
  const mails = join(dataDir, 'mail')
  mkdirSync(mails, { recursive: true })
  return readdirSync(mails)
    .sort()
    .map((each) =>
      readFileSync(join(mails, each), 'utf8')
        .replace(/=\r?\n/g, '')
        .replaceAll('=3D', '=')
    )
    .filter((mail) => mail.includes(email))
    .flatMap((mail) => [...mail.matchAll(/https?:\/\/\S+\/confirm\/\S+/g)].map(([link]) => link))
    .at(-1)
}

function personOf(origin: string, name: string): SkerryPerson {
  const cookies = new Map<string, string>()
  let csrf = ''

  async function ask(path: string, init: RequestInit = {}): Promise<{ response: Response; text: string }> {
    const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ')
    const headers = { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...(init.headers as Record<string, string>) }
    const response = await fetch(new URL(path, origin), { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, key = '', value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (!value || /max-age=0/i.test(line)) cookies.delete(key)
      else cookies.set(key, value)
    }
    const text = await response.text()
    csrf = hiddenFieldsOf(text).csrf ?? csrf
    return { response, text }
  }

  const person: SkerryPerson = {
    name,
    handle: `@${name}@${new URL(origin).host}`,
    uri: `${origin}/@${name}`,
    async page(path) {
      const { response, text } = await ask(path)
      if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}: ${textOf(text).slice(0, 300)}`)
      return text
    },
    async submit(path, fields = {}) {
      if (csrf === '') await ask('/sign-in')
      const { response, text } = await ask(path, { method: 'POST', headers: { origin }, body: bodyOf(fields, csrf) })
      // Whoever has become somebody else needs a new token.
      if (/^\/(sign-in|owner\/)/.test(path)) csrf = ''
      if (response.status !== 303) throw new Error(`POST ${path} answered ${response.status}: ${textOf(text).slice(0, 300)}`)
      return response
    },
    async pressBeside(handle, act) {
      const found = /\/accounts\/(\d+)\//
      let id: string | undefined
      await until(`${handle} to be found`, async () => {
        id = found.exec(await person.page(`/search?q=${encodeURIComponent(handle)}`))?.[1]
        return id
      })
      await person.submit(`/accounts/${id}/${act}`)
    },
    async follow({ handle }) {
      await person.pressBeside(handle, 'follow')
      await until(`${person.handle} to follow ${handle}`, async () => {
        const shown = textOf((await person.page(`/${handle}`)).split('<main')[1] ?? '')
        return /Unfollow|Following/.test(shown) && !/Request sent/.test(shown)
      })
    },
    async post(text, more = {}) {
      await person.page('/home')
      await person.submit('/posts', { text, visibility: 'public', ...more })
      // Mentions and links are shown shorter than they are typed.
      return person.sees(`/@${name}/replies`, text.replace(/^@\S+ /, '').replace(/ https:.*/s, ''))
    },
    async postImage(text, png, description) {
      await person.page('/home')
      const form = new FormData()
      form.set('csrf', csrf)
      form.set('text', text)
      form.set('visibility', 'public')
      form.set('images', new Blob([png], { type: 'image/png' }), 'picture.png')
      const uploaded = await ask('/posts', { method: 'POST', headers: { origin }, body: form })
      // The step that has each picture described has an address of its own.
      const path = uploaded.response.headers.get('location') ?? ''
      const step = uploaded.response.status === 303 ? await person.page(path) : uploaded.text
      const id = /name="alt-(\d+)"/.exec(step)?.[1]
      if (id === undefined) throw new Error(`The upload answered ${uploaded.response.status}: ${textOf(step).slice(0, 300)}`)
      await person.submit(path, { ...hiddenFieldsOf(step), [`alt-${id}`]: description })
      return person.sees(`/@${name}/replies`, text)
    },
    async sees(path, words) {
      let post: ShownPost | undefined
      await until(`"${words}" on ${path}`, async () => (post = postOn(origin, await person.page(path), words)))
      return post!
    },
    reads: (path, words) => until(`${path} to show ${words}`, async () => words.test(textOf(await person.page(path)))),
    misses: (path, words) => until(`${path} not to show ${words}`, async () => !words.test(textOf(await person.page(path))))
  }
  return person
}

function bodyOf(fields: Record<string, string | string[]> | FormData, csrf: string): URLSearchParams | FormData {
  if (fields instanceof FormData) {
    fields.set('csrf', csrf)
    return fields
  }
  const body = new URLSearchParams({ csrf })
  for (const [key, value] of Object.entries(fields)) for (const each of [value].flat()) body.append(key, each)
  return body
}

function postOn(origin: string, html: string, words: string): ShownPost | undefined {
  const article = html.split('<article').find((part) => textOf(`<article${part}`).includes(words))
  const id = /id="post-(\d+)"/.exec(article ?? '')?.[1]
  if (article === undefined || id === undefined) return undefined
  const links = [...article.matchAll(/href="([^"]+)"/g)].map(([, link]) => unescapeHtml(link ?? ''))
  const path = links.find((link) => link.endsWith(`/${id}`)) ?? ''
  return { id, uri: new URL(path, origin).href, html: article }
}
