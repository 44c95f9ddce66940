// database: none of its own to hold: what it shows comes from either alike
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pseudoClose, pseudoOpen } from '#server/platform/pseudo-locale.ts'
import { unescapeHtml } from '#test/helpers/html.ts'
import { intlLists, outsideBrackets } from '#test/helpers/pseudo.ts'
import { watchMails } from '#test/sign-in/mails.ts'
import { furnish, walkPages } from '#test/web/bad-input/collect-forms.ts'
import { startBadInputWorld } from '#test/web/bad-input/world.ts'

const spokenAttributes = ['aria-label', 'alt', 'title', 'placeholder', 'data-label', 'data-count']
const previews = /<meta (?:name="description"|property="og:[a-z_:]+") content="([^"]*)"/g
/** What other servers and our own log say of a failure, shown as it stands. */
const technical = /<p class="soft" lang="en"[\s\S]*?<\/p>/g
/** What an app is handed, to be carried over by hand: drawn at random. */
const handedCodes = /<code>[\w-]{32}<\/code>/g
/** Addresses, handles, mail addresses and names of hosts. */
const addresses = /https?:\/\/\S+|\S*@\S+|\b[\w-]+\.test\b/g
/** Names of this world's people, hashtags and emoji, its browser, and the job that failed in it. */
const names = /\b(?:alice|bob|mona|adam|new\d+|topic\d+|emoji_\d+|comet|lightMyRequest|nothing)\b/g
/** What Intl says of moments, which stands beside the catalogue. */
const moments =
  /\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\w*\b|\b\w+day\b|\bat\b|\bnow\b|\b(?:in )?\d+ (?:sec|min|hr|mo|yr|days?|hours?)\w*\.?(?: ago)?|\btomorrow\b|\bUTC\b|GMT/g

test('in the pseudo-locale no page says a word that is not from the catalogue, nor any person’s', async (t) => {
  const world = await startBadInputWorld(t)
  const found = new Map<string, string>()
  let count = 0
  await walkPages(world, await furnish(world), (path, html) => {
    count++
    for (const words of strangeWordsOf(html)) if (!found.has(words)) found.set(words, path)
  })
  assert.ok(count > 150, `${count} pages were seen`)
  assert.deepEqual(
    [...found].map(([words, path]) => `${path}: ${words}`),
    []
  )
})

test('every mail is made of messages of the catalogue', async (t) => {
  const world = await startBadInputWorld(t)
  const { instance } = world
  const mails = watchMails(instance)
  const [guest, alice, mona] = [instance.guest(), await world.actor('signed-in'), await world.actor('moderator')]
  const password = 'correct horse battery'
  await guest.submit('/sign-up', { name: 'newcomer', email: 'newcomer@mail.test', password, reason: 'x', consent: 'yes' })
  await guest.submit('/sign-up', { name: 'another', email: 'alice@mail.test', password, reason: 'x', consent: 'yes' })
  await guest.submit('/password', { email: 'alice@mail.test' })
  await alice.submit('/settings/email', { newEmail: 'other@mail.test', password })
  await alice.submit('/settings/password', { currentPassword: password, newPassword: `${password} again` })
  for (const noun of ['approval', 'rejection']) await mona.submit(await world.freshPath(`/admin/sign-ups/:id/${noun}`), { reason: 'x' })
  await world.freshPath('/settings/apps/:id/remove')
  await instance.runJobs()
  const confirmation = mails.find(({ to }) => to === 'other@mail.test')!
  // The session is another since the password changed, and with it the token.
  await alice.page('/home')
  await alice.submit(new URL(/https:\S+/.exec(confirmation.text)![0]).pathname)
  await instance.runJobs()
  assert.ok(new Set(mails.map(({ subject }) => subject)).size >= 7, 'a mail of each kind')
  const strange = mails.flatMap(({ subject, text }) => [subject, text].filter((words) => /\p{L}{2}/u.test(outsideBrackets(words))))
  assert.deepEqual(strange, [])
})

/** Words of a page, seen or read out, that stand outside brackets and are nobody's name. */
function strangeWordsOf(html: string): string[] {
  const body = html
    .replace(/<script[\s\S]*?<\/script>|<time\b[\s\S]*?<\/time>/g, ' ')
    .replace(intlLists, ' ')
    .replace(technical, ' ')
    .replace(handedCodes, ' ')
  const attributes = [...body.matchAll(/\s([a-z-]+)="([^"]*)"/g)]
    .filter(([, name]) => spokenAttributes.includes(name!))
    .map(([, , value]) => value!)
  const told = [...body.matchAll(previews)].map(([, words]) => words!)
  return [body.replace(/<[^>]*>/g, ' '), ...attributes, ...told].flatMap((words) => {
    if (words.split(pseudoOpen).length !== words.split(pseudoClose).length) return [`brackets do not match: ${words.slice(0, 80)}`]
    const outside = outsideBrackets(unescapeHtml(words)).replace(addresses, ' ').replace(moments, ' ').replace(names, ' ')
    return /\p{L}{2}/u.test(outside) ? [outside.trim().replace(/\s+/g, ' ').slice(0, 80)] : []
  })
}
