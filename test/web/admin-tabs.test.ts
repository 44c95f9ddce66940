import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '#test/helpers/instance.ts'
import type { TestPerson } from '#test/helpers/people.ts'

/** Where the rows of tabs lead and what they say, a current one marked with a star. */
async function tabsOn(person: TestPerson, path: string): Promise<{ groups: string[]; pages: string[] }> {
  const [nav = ''] = /<nav class="tabs"[\s\S]*?<\/nav>/.exec(await person.page(path)) ?? []
  const [groups = '', pages = ''] = nav.split('<ul class="sub-tabs">')
  const linksOf = (html: string) =>
    [...html.matchAll(/<a href="([^"]*)"([^>]*)>([\s\S]*?)<\/a>/g)].map(([, href, more, inner]) => {
      const words = inner!.replaceAll(/<[^>]*>/g, '').trim()
      return `${more!.includes('aria-current') ? '*' : ''}${words} ${href}`
    })
  return { groups: linksOf(groups), pages: linksOf(pages) }
}

test('the panel stands in groups, below them the pages of the current one; what waits shows on both', async (t) => {
  const instance = await startInstance(t)
  const ada = await instance.as('ada', { role: 'admin' })
  const ben = await instance.as('ben')
  const cy = await instance.as('cy')
  await ben.submit(`/accounts/${cy.account.id}/report`, { category: 'spam', comment: 'Noise' })
  const mo = await instance.as('mo', { role: 'moderator' })
  assert.deepEqual(await tabsOn(mo, '/admin/accounts'), {
    groups: ['Dashboard /admin', '*People 1 /admin/reports', 'Network /admin/peers', 'Instance /admin/queue'],
    pages: ['Reports 1 /admin/reports', 'Sign-ups /admin/sign-ups', '*Accounts /admin/accounts', 'Invitations /admin/invites']
  })
  assert.deepEqual((await tabsOn(mo, '/admin')).pages, [], 'a group of one page needs no second row')
  assert.deepEqual(await tabsOn(ada, '/admin/relays'), {
    groups: ['Dashboard /admin', 'People 1 /admin/reports', '*Network /admin/peers', 'Instance /admin/queue'],
    pages: [
      'Servers /admin/peers',
      'New servers /admin/first-contact',
      'Limits /admin/domains',
      '*Relays /admin/relays',
      'Trace /admin/why'
    ]
  })
})

test('the tabs offer a moderator only what a moderator may open, and every page they lead to has them', async (t) => {
  const instance = await startInstance(t)
  for (const [name, role, count] of [
    ['ada', 'admin', 17],
    ['mo', 'moderator', 13]
  ] as const) {
    const person = await instance.as(name, { role })
    const seen = new Set<string>()
    for (const group of (await tabsOn(person, '/admin')).groups) {
      const first = group.split(' ').at(-1)!
      seen.add(first)
      for (const page of (await tabsOn(person, first)).pages) seen.add(page.split(' ').at(-1)!)
    }
    assert.equal(seen.size, count, name)
    for (const path of seen) {
      const { groups, pages } = await tabsOn(person, path)
      assert.equal([...groups, ...pages].filter((tab) => tab.startsWith('*') && tab.endsWith(` ${path}`)).length > 0, true, path)
    }
  }
})
