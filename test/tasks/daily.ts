import assert from 'node:assert/strict'
import { testPassword } from '#test/helpers/people.ts'
import { type Hand, siteNavigation as nav } from '#test/tasks/hand.ts'
import type { Island } from '#test/tasks/island.ts'
import { pictureOf } from '#test/web/world.ts'

export interface Task {
  name: string
  /** From home, as it was just opened, to where the task is done. */
  run(hand: Hand, island: Island, who: string): Promise<void>
  /** How much it takes at most: round trips are the same whoever does it, keys grow with what stands before the target. */
  costs: { trips: number; clicks: number; keys: number }
  /** What has the focus then, as role and name. */
  ends: RegExp
}

const boat = pictureOf('boat.png', { width: 320, height: 240 })
const hourMs = 3_600_000
const link = (name: string | RegExp, within = 'main') => ({ role: 'link', name, within }) as const
const button = (name: string | RegExp, within = 'main') => ({ role: 'button', name, within }) as const
const field = (name: string | RegExp) => ({ role: 'textbox', name }) as const

/** The twelve things that people do every day, each the same for all who do it: what differs is how they point and press. */
export const dailyTasks: Task[] = [
  {
    name: 'write',
    costs: { trips: 2, clicks: 3, keys: 12 },
    ends: /^article "\w+ @\w+"$/,
    async run(hand) {
      await hand.press({ role: 'fold', name: 'Write a post' })
      await hand.type(field('Your post'), 'A boat at the pier.')
      await hand.go(button('Publish'))
      await isSaid(hand, 'Your post is out.')
    }
  },
  {
    name: 'reply',
    costs: { trips: 3, clicks: 3, keys: 50 },
    ends: /^article "\w+ @\w+"$/,
    async run(hand, { ids }) {
      await hand.go(link(/^Reply, post by bo/, `#post-${ids.reply}`))
      await hand.type(field('Your reply'), 'I see none.')
      await hand.go(button('Reply'))
      await isSaid(hand, 'Your reply is out.')
      // Behind the name of whom it answers, wherever the browser puts the caret.
      await hand.page.locator('article', { hasText: '@bo I see none.' }).first().waitFor()
    }
  },
  {
    name: 'boost',
    costs: { trips: 3, clicks: 2, keys: 58 },
    ends: /^(article "bo @bo"|button "Boost, post by bo, \d boosts?")$/,
    async run(hand, { ids }) {
      await goOlder(hand)
      await hand.press(button(/^Boost, post by bo/, `#post-${ids.boost}`))
      await hand.page.locator(`#post-${ids.boost} .action-boost[aria-pressed=true]`).waitFor()
      assert.match(hand.page.url(), /\/home\?before=/)
    }
  },
  {
    name: 'vote',
    costs: { trips: 3, clicks: 3, keys: 78 },
    ends: /^(article "bo @bo"|group "Poll")$/,
    async run(hand, { ids }) {
      const poll = `#post-${ids.poll}`
      await goOlder(hand)
      await hand.choose({ role: 'radio', name: 'Tea', within: poll })
      await hand.press(button('Vote', poll))
      await hand.page.locator(`${poll} .poll:not(:has(form))`).waitFor()
      assert.match(hand.page.url(), /\/home\?before=/)
    }
  },
  {
    name: 'follow a stranger',
    costs: { trips: 4, clicks: 3, keys: 16 },
    ends: /^heading "cleo/,
    async run(hand, { settle }, who) {
      const handle = `@cleo_${who}@shore.localhost`
      await hand.go(link('Search', nav))
      await hand.type({ role: 'searchbox', name: 'What are you looking for?' }, handle)
      await hand.enter()
      await hand.go(button(`Follow ${handle}`))
      await isSaid(hand, `${handle} has been asked;`)
      await settle()
    }
  },
  {
    name: 'make a list',
    costs: { trips: 6, clicks: 6, keys: 22 },
    ends: /^status "/,
    async run(hand) {
      await hand.go(link('Lists', nav))
      await hand.type(field('Name'), 'Sailors')
      await hand.enter()
      await hand.type({ role: 'searchbox', name: 'Whom to add' }, 'bo')
      await hand.enter()
      await hand.go(button('Add @bo'))
    }
  },
  {
    name: 'filter a word',
    costs: { trips: 5, clicks: 6, keys: 34 },
    ends: /^status "The filter is at work\."$/,
    async run(hand) {
      await hand.go(link('Settings', nav))
      await hand.go(link('Filters'))
      await hand.go(link('New filter'))
      await hand.type(field('Name'), 'Sports')
      await hand.type(field('Word or phrase 1'), 'regatta')
      await hand.enter()
      await isSaid(hand, 'The filter is at work.')
    }
  },
  {
    name: 'mute for a day',
    costs: { trips: 3, clicks: 4, keys: 70 },
    ends: /^status "@eva is muted for 1 day\."$/,
    async run(hand, { ids }) {
      const post = `#post-${ids.mute}`
      await hand.press({ role: 'fold', name: /^More/, within: post })
      await hand.go(link('Mute @eva …', post))
      await hand.choose({ role: 'radio', name: '1 day' })
      await hand.go(button('Mute'))
      await isSaid(hand, /^@eva is muted for 1 day/)
    }
  },
  {
    name: 'find an old post',
    costs: { trips: 2, clicks: 2, keys: 10 },
    ends: /^region "What was found"$/,
    async run(hand) {
      await hand.go(link('Search', nav))
      await hand.type({ role: 'searchbox', name: 'What are you looking for?' }, 'from:me lighthouse')
      await hand.enter()
      await hand.page.getByText('The old lighthouse has a new lamp.').waitFor()
    }
  },
  {
    name: 'attach and describe a picture',
    costs: { trips: 4, clicks: 6, keys: 17 },
    ends: /^article "\w+ @\w+"$/,
    async run(hand) {
      await hand.press({ role: 'fold', name: 'Write a post' })
      await hand.type(field('Your post'), 'Look at this.')
      const file = { role: 'file', name: /^Add up to \d+ images/ } as const
      await hand.attach(file, { name: boat.filename, mimeType: boat.type, buffer: boat.bytes })
      // A script sends the picture at once and asks beside the text; without it a page of its own asks.
      if (hand.hasScripts) await hand.page.getByLabel('Description of the image').waitFor()
      else await hand.go(button('Publish'))
      await hand.type(field('Description of the image'), 'A red boat')
      await hand.go(button('Publish'))
      await isSaid(hand, 'Your post is out.')
      assert.equal(await hand.page.locator('article img[alt="A red boat"]').count(), 1)
    }
  },
  {
    name: 'read a long thread',
    costs: { trips: 2, clicks: 3, keys: 105 },
    ends: /^region "120 replies"$/,
    async run(hand, { ids }) {
      const post = `#post-${ids.thread}`
      await hand.press({ role: 'fold', name: /^More/, within: post })
      await hand.go(link('Link to this post', post))
      for (let pages = 1; (await hand.page.locator(`#post-${ids.lastReply}`).count()) === 0; pages++) {
        assert.ok(pages < 5, 'the thread ends')
        await hand.readOn()
        await hand.passPosts()
        await hand.go(link('More replies'))
      }
      await hand.readOn()
      assert.ok(await hand.page.getByText('Seal number 120,').isVisible())
    }
  },
  {
    name: 'change a password',
    costs: { trips: 4, clicks: 5, keys: 42 },
    ends: /^status "Your password is changed/,
    async run(hand, { instance }) {
      // Whoever signed in a while ago is asked for the old one.
      instance.clock.advance(hourMs)
      await hand.go(link('Settings', nav))
      await hand.go(link('Account'))
      await hand.type(field('Current password'), testPassword)
      await hand.type(field('New password'), `${testPassword} indeed`)
      await hand.enter()
      await isSaid(hand, 'Your password is changed.')
    }
  }
]

async function goOlder(hand: Hand): Promise<void> {
  await hand.passPosts()
  await hand.go(link('Older'))
}

async function isSaid(hand: Hand, text: string | RegExp): Promise<void> {
  await hand.page.getByRole('status').filter({ hasText: text }).waitFor()
}
