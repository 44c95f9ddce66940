import { eq } from 'drizzle-orm'
import { accounts } from '#db/schema/accounts.ts'
import { trends } from '#db/schema/trends.ts'
import { knowsCookies, type RouteEntry } from '#server/web/access.ts'
import { askingPath, handedCodePath, introduce } from '#test/apps/let-in.ts'
import { inBrackets } from '#test/helpers/pseudo.ts'
import { whoIs } from '#test/helpers/who-is.ts'
import { formsOf, type PageField } from '#test/web/bad-input/forms.ts'
import { securityPages } from '#test/web/bad-input/security-pages.ts'
import type { BadInputWorld } from '#test/web/bad-input/world.ts'
import { linksIn, shapesOf } from '#test/web/crawler/paths.ts'
import { write } from '#test/web/world.ts'

/** Links that are followed to one route with one kind of query. */
const linksPerShapeMax = 12

/** Fields by route, as they stand on the pages of this world. */
export async function collectForms(world: BadInputWorld): Promise<Map<string, PageField[]>> {
  const { instance } = world
  const routes = instance.app.routeTable.filter(({ method, access }) => method === 'POST' && knowsCookies(access))
  const found = new Map<string, PageField[]>()
  const starts = await furnish(world)

  function note(html: string): void {
    for (const { path, fields } of formsOf(html)) {
      const route = routes.find(({ url }) => isAddressOf(url, path))
      if (!route) throw new Error(`A form leads to ${path}, where no route is.`)
      const known = found.get(route.url) ?? []
      const names = new Set(known.map(({ name }) => name))
      found.set(route.url, [...known, ...fields.filter(({ name }) => !names.has(name) && names.add(name))])
    }
  }

  await walkPages(world, starts, (_path, html) => note(html))
  for (const html of await securityPages(world)) note(html)
  return found
}

/** Everybody looks at the starts and follows links, of one kind some, each page once. */
export async function walkPages(world: BadInputWorld, starts: readonly string[], see: (path: string, html: string) => void): Promise<void> {
  const shapeOf = shapesOf(world.instance.app.routeTable.filter(({ method }) => method === 'GET'))
  for (const access of ['anyone', 'signed-in', 'moderator', 'admin'] as const) {
    const viewer = await world.actor(access)
    const waiting = [...starts]
    const visited = new Set<string>()
    const followed = new Map<string, number>()
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      if (visited.has(path)) continue
      visited.add(path)
      const { statusCode, headers, body } = await viewer.get(path)
      if (!String(headers['content-type']).startsWith('text/html')) continue
      see(`${path} (${statusCode}, ${access})`, body)
      for (const link of new Set(linksIn(body, 'text/html', world.instance.config.origin))) {
        const shape = shapeOf(link)
        const count = followed.get(shape) ?? 0
        if (visited.has(link) || waiting.includes(link) || count >= linksPerShapeMax) continue
        followed.set(shape, count + 1)
        waiting.push(link)
      }
    }
  }
}

/** Whether an address is one of a route's. */
export function isAddressOf(url: string, path: string): boolean {
  return new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`).test(path.split('?', 1)[0]!)
}

/** Puts something behind every route, in every state that has a button of its own, and gives the addresses to begin at. */
export async function furnish(world: BadInputWorld): Promise<string[]> {
  const { app, ctx } = world.instance
  const alice = await world.instance.as('alice')
  const gets = app.routeTable.filter(({ method, access, accept }) => method === 'GET' && knowsCookies(access) && accept !== 'activity')
  const paths: string[] = []
  for (const { url } of gets.filter(isOneParameter)) paths.push(await world.freshPath(url))
  const posts = app.routeTable.filter(({ method, access }) => method === 'POST' && knowsCookies(access) && access !== 'anyone')
  for (const { url } of posts.filter(isOneParameter)) {
    const path = await world.freshPath(url)
    // A follower, a blocked or a muted one: their page has the button that undoes it.
    const [, id] = /^\/accounts\/(\d+)\//.exec(path) ?? []
    if (id === undefined) continue
    const [account] = await ctx.db
      .select()
      .from(accounts)
      .where(eq(accounts.id, Number(id)))
    paths.push(`/admin/accounts/${id}`, `/accounts/${id}/report`, `/@${account!.name}`)
  }
  for (const ending of ['boost', 'favourite', 'bookmark']) {
    const path = await world.freshPath(`/posts/:id/${ending}`)
    await alice.submit(path)
    paths.push('/local')
  }
  // A conversation that was looked for elsewhere, a while ago.
  paths.push((await world.freshPath('/posts/:id/pull')).replace(/^\/posts\/(\d+)\/pull$/, '/@bob/$1'))
  // Whom a list could gather stands on its page once they were searched for.
  paths.push(`${await world.freshPath('/lists/:id/members')}?q=new`)
  await world.freshPath('/posts/:id/unpin')
  await world.freshPath('/approvals/:id/approve')
  await world.freshPath('/posts/:id/unquote')
  // One of alice's other accounts, and somebody who has moved: their settings have the forms that take it back.
  const [{ uri }, { account: moved }] = [(await world.instance.as('bob')).account, await world.instance.as('mona')]
  await ctx.transact((tx) =>
    tx
      .update(accounts)
      .set({ alsoKnownAs: [uri] })
      .where(eq(accounts.id, alice.account.id))
  )
  await ctx.transact((tx) => tx.update(accounts).set({ movedToUri: uri }).where(eq(accounts.id, moved.id)))
  const reacted = await world.freshPath('/posts/:id/react')
  await alice.submit(reacted, { emoji: '👍' })
  paths.push(reacted.replace(/^\/posts\/(\d+)\/react$/, '/@bob/$1'))
  await alice.submit('/settings/profile/tags', { tag: 'topic0' })
  // Where several apps are in, all can be removed at once.
  await world.freshPath('/settings/apps/:id/remove')
  const own = await write(alice, { text: inBrackets('My own') })
  const mona = await world.instance.as('mona')
  for (const noun of ['suspension', 'silence']) {
    const path = await world.freshPath(`/admin/accounts/:id/${noun}`)
    await mona.submit(path, { reason: inBrackets('Noise') })
    paths.push(path.slice(0, path.lastIndexOf('/')))
  }
  for (const noun of ['handling', 'assignment']) {
    const path = await world.freshPath(`/admin/reports/:id/${noun}`)
    await mona.submit(path)
    paths.push(path.slice(0, path.lastIndexOf('/')))
  }
  const bob = await world.instance.as('bob')
  // Whom bob follows is suggested to others.
  await bob.submit((await world.freshPath('/explore/:id/dismissal')).replace('/explore/', '/accounts/').replace('/dismissal', '/follow'))
  await ctx.transact(async (tx) => {
    const figures = { score: 9, people: 3, posts: 4, firstAt: tx.now, seenAt: tx.now }
    for (const kind of ['tag', 'link'] as const)
      await tx.insert(trends).values({ kind, key: kind === 'tag' ? 'comet' : 'https://sky.test/', ...figures })
  })
  // Somebody for everybody to begin with, whom nobody follows yet.
  const starter = await createStarter(world)
  await ctx.transact((tx) =>
    ctx.settings.change(tx, { welcome: { text: inBrackets('Welcome'), handles: [`@${starter}`], tags: ['comet'] } })
  )
  await bob.submit('/posts', { text: `${inBrackets('Hello')} @alice` })
  await world.instance.runJobs()
  const lantern = await introduce(ctx, inBrackets('Lantern'))
  return [
    '/',
    '/sign-in',
    '/sign-up',
    '/password',
    '/home',
    '/admin',
    `/@alice/${own}`,
    '/@alice',
    '/@alice/followers',
    '/settings/moving',
    '/settings/mutes',
    '/settings/blocks',
    '/follow-requests',
    '/approvals',
    '/local',
    '/explore',
    '/welcome',
    '/directory',
    '/search',
    '/search?q=@nobody@nowhere.test',
    '/admin/trends',
    '/admin/trends?kind=link',
    '/drafts',
    '/drafts/scheduled',
    '/welcome',
    '/settings/import',
    '/settings/apps',
    askingPath(lantern),
    await handedCodePath(ctx, await whoIs(world.instance, 'alice'), lantern),
    '/admin/welcome',
    ...paths
  ]
}

async function createStarter(world: BadInputWorld): Promise<string> {
  const [, id] = /^\/accounts\/(\d+)\//.exec(await world.freshPath('/accounts/:id/block'))!
  const [account] = await world.instance.ctx.db
    .select()
    .from(accounts)
    .where(eq(accounts.id, Number(id)))
  return account!.name
}

function isOneParameter({ url }: RouteEntry): boolean {
  return url.split(':').length === 2 && !url.includes('*')
}
