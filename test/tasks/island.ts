import type { TestContext } from 'node:test'
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import type { Person } from '#server/accounts/who.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { publishPost } from '#server/posts/publish-post.ts'
import { openBrowser } from '#test/helpers/browser.ts'
import { type Instance, startInstance } from '#test/helpers/instance.ts'
import { createNetwork } from '#test/helpers/network.ts'
import { testPassword } from '#test/helpers/people.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { linkIn, watchMails } from '#test/sign-in/mails.ts'
import { write } from '#test/web/world.ts'

export const origin = 'http://skerry.localhost'
/** How long a step may take, on a busy machine. */
const stepMs = 15_000
/** More than one page of home, so that there is a page with a cursor. */
const postsCount = 45
const repliesCount = 120

export interface Island {
  instance: Instance
  /** The other server, where somebody lives for each who does the tasks: `@cleo_<name>@shore.localhost`. */
  shore: Instance
  browser: Browser
  ids: Record<'reply' | 'boost' | 'poll' | 'mute' | 'thread' | 'lastReply', number>
  /** A window of somebody's own, signed in. */
  enter(t: Pick<TestContext, 'after'>, name: string, options?: BrowserContextOptions): Promise<BrowserContext>
  /** Lets both servers work until neither has anything left that is due. */
  settle(): Promise<void>
}

/** An island with a month of posts, a long thread and a poll; all of `names` follow those who wrote them, and wrote once themselves. */
export async function startIsland(t: TestContext, names: string[]): Promise<Island> {
  const network = createNetwork()
  // Both are found at plain addresses, as two instances on one machine are.
  const plain = { outbound: { allowHttp: true } }
  const instance = await startInstance(t, { origin, network, config: { ...plain, instance: { signUp: 'approval' } } })
  const shore = await startInstance(t, { origin: 'http://shore.localhost', network, config: plain })
  for (const each of ['skerry.localhost', 'shore.localhost']) network.add(`${each}:80`, network.portOf(each)!)
  const browser = await openBrowser(t, { 'skerry.localhost': network.portOf('skerry.localhost')! })
  const { ctx } = instance
  const [bo, di, eva] = [await whoIs(instance, 'bo'), await whoIs(instance, 'di'), await whoIs(instance, 'eva')]
  const post = async (who: Person, text: string, replyToId?: number) =>
    (await publishPost(ctx, who, { text, visibility: 'public', replyToId })).id

  for (const name of names) {
    const person = await whoIs(instance, name)
    for (const { account } of [bo, eva]) await followAccount(ctx, person, { accountId: account.id })
    await post(person, 'The old lighthouse has a new lamp.')
    await shore.as(`cleo_${name}`)
  }
  const ids = { reply: 0, boost: 0, poll: 0, mute: 0, thread: 0, lastReply: 0 }
  for (let day = 1; day <= postsCount; day++) {
    const id = await post(bo, `Fog over the sound, day ${day}.`)
    if (day === 5) ids.boost = id
    if (day === postsCount) ids.reply = id
    if (day === 3) {
      const poll = { pollOption1: 'Tea', pollOption2: 'Coffee', pollEnds: '86400', pollChoice: 'one' }
      ids.poll = await write(await instance.as('bo'), { text: 'What do we drink?', ...poll })
    }
  }
  ids.mute = await post(eva, 'I say the same thing every day.')
  // Whoever answers there is followed by nobody: home shows the question alone.
  ids.thread = ids.lastReply = await post(bo, 'Who has seen the seals today?')
  for (let count = 1; count <= repliesCount; count++) ids.lastReply = await post(di, `Seal number ${count}, on the rocks.`, ids.lastReply)
  await instance.as('mia', { role: 'moderator' })
  const gus = await instance.as('gus')
  await (await instance.as('di')).submit(`/accounts/${gus.account.id}/report`, { category: 'spam', comment: 'Nothing but boats for sale.' })
  const waiting = { name: 'hal', email: 'hal@mail.test', password: testPassword, reason: 'I row.', inviteCode: '', consent: 'yes' }
  const mails = watchMails(instance)
  await instance.guest().submit('/sign-up', waiting)
  await instance.runJobs()
  await instance.guest().submit(linkIn(mails.at(-1)))
  return {
    instance,
    shore,
    browser,
    ids,
    async enter(inner, name, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options })
      context.setDefaultTimeout(stepMs)
      inner.after(() => context.close())
      const page = await context.newPage()
      await page.goto(`${origin}/sign-in`)
      await page.getByLabel('Name or e-mail address').fill(name)
      await page.getByLabel('Password').fill(testPassword)
      await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.waitForURL(`${origin}/home`)
      await page.close()
      return context
    },
    async settle() {
      for (let round = 0; round < 3; round++) for (const each of [instance, shore]) await each.runJobs()
    }
  }
}
