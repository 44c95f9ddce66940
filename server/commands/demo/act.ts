import { setTimeout as wait } from 'node:timers/promises'
import { type Browser, openBrowser } from '#server/commands/demo/browser.ts'
import type { Island } from '#server/commands/demo/start-island.ts'
import { StartError } from '#server/errors.ts'
import type { Translate } from '#server/platform/messages.ts'

const arriveMs = 30_000
const lookAgainMs = 200

/** Somebody of the demo, at their browser. */
export interface DemoPerson {
  name: string
  island: Island
  browser: Browser
}

/**
 * Fills two instances with people who act as anybody would: forms in a browser, follows negotiated between the servers. `say` hears
 * of each step; every password is `password`.
 */
export async function act(t: Translate, say: (key: string) => void, red: Island, blue: Island, password: string): Promise<void> {
  say('demo.people')
  const [ana, bo, rui, mia] = await Promise.all([
    becomeOwner(red, 'ana', password),
    becomeOwner(blue, 'bo', password),
    join(red, 'rui', password),
    join(blue, 'mia', password)
  ])

  await publish(ana, t('demo.postAnaFirst'))
  await publish(mia, t('demo.postMia'))

  say('demo.follow')
  await Promise.all([follow(bo, ana), follow(rui, ana), follow(ana, bo)])
  await Promise.all([follow(mia, bo), follow(mia, ana), follow(rui, mia)])
  await Promise.all([untilFollowing(bo, ana), untilFollowing(ana, bo), untilFollowing(mia, ana), untilFollowing(rui, mia)])

  say('demo.posts')
  const tide = t('demo.postTide')
  await publish(ana, tide)
  await publish(rui, t('demo.postRui', { handle: handleOf(mia) }))

  say('demo.answers')
  const atBlue = await untilShown(bo, '/home', tide)
  await bo.browser.submit('/home', `/posts/${atBlue}/favourite`, {})
  await bo.browser.submit('/home', `/posts/${atBlue}/boost`, {})
  const answer = t('demo.postAnswer')
  await publish(bo, `${handleOf(ana)} ${answer}`, { replyTo: atBlue })
  const atMia = await untilShown(mia, '/home', tide)
  await mia.browser.submit('/home', `/posts/${atMia}/favourite`, {})
  const backAtRed = await untilShown(ana, '/notifications', answer)
  await ana.browser.submit('/notifications', `/posts/${backAtRed}/favourite`, {})
  await publish(ana, `${handleOf(bo)} ${t('demo.postThanks')}`, { replyTo: backAtRed })
}

async function becomeOwner(island: Island, name: string, password: string): Promise<DemoPerson> {
  const browser = openBrowser(island.origin)
  const path = new URL(island.ownerLink).pathname
  await browser.submit(path, path, { name, email: `${name}@example.org`, password })
  return { name, island, browser }
}

async function join(island: Island, name: string, password: string): Promise<DemoPerson> {
  await island.admin('account', 'create', name, '--email', `${name}@example.org`, '--password', password)
  const browser = openBrowser(island.origin)
  await browser.submit('/sign-in', '/sign-in', { login: name, password })
  return { name, island, browser }
}

async function publish({ browser }: DemoPerson, text: string, more: Record<string, string> = {}): Promise<void> {
  await browser.submit('/home', '/posts', { text, visibility: 'public', ...more })
}

/** Looks somebody up as their handle is typed into the search, and presses the button beside what was found. */
async function follow(person: DemoPerson, other: DemoPerson): Promise<void> {
  const path = `/search?q=${encodeURIComponent(handleOf(other))}`
  const id = /\/accounts\/(\d+)\/follow"/.exec(await person.browser.page(path))?.[1]
  if (id === undefined) throw new StartError(`${handleOf(person)} does not find ${handleOf(other)}.`)
  await person.browser.submit(path, `/accounts/${id}/follow`, {})
}

/** Once the other server has accepted, boosts can be hidden; a request alone offers no such thing. */
async function untilFollowing(person: DemoPerson, other: DemoPerson): Promise<void> {
  const path = person.island === other.island ? `/@${other.name}` : `/${handleOf(other)}`
  await until(`${handleOf(person)} → ${handleOf(other)}`, async () => {
    return /\/accounts\/\d+\/hide-boosts"/.test(await person.browser.page(path)) ? true : undefined
  })
}

/** Id of the post with this text, once it stands on somebody's page. */
function untilShown({ browser, name }: DemoPerson, path: string, text: string): Promise<string> {
  return until(`${name}: ${path}`, async () => {
    const articles = (await browser.page(path)).split('<article').filter((article) => article.includes(asHtml(text)))
    return articles
      .map((article) => /id="post-(\d+)"/.exec(article)?.[1] ?? /\/posts\/(\d+)\/favourite"/.exec(article)?.[1])
      .find((id) => id !== undefined)
  })
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + arriveMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new StartError(`What was sent did not arrive within ${arriveMs / 1_000} s (${what}).`)
    await wait(lookAgainMs)
  }
}

export function handleOf({ name, island }: Pick<DemoPerson, 'name' | 'island'>): string {
  return `@${name}@${new URL(island.origin).host}`
}

function asHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll("'", '&#39;').slice(0, 40)
}
