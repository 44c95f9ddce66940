import assert from 'node:assert/strict'
import type { Task } from '#test/tasks/daily.ts'
import { pageTabs, siteNavigation } from '#test/tasks/hand.ts'

const moderation = { role: 'link', name: /^Moderation/, within: siteNavigation } as const

/** What a moderator does most, with keys alone. */
export const moderatorTasks: Task[] = [
  {
    name: 'handle a report',
    costs: { trips: 7, clicks: 0, keys: 48 },
    ends: /^status "The report is closed\."$/,
    async run(hand) {
      await hand.go(moderation)
      await hand.go({ role: 'link', name: /^1 .*report/i })
      await hand.go({ role: 'link', name: /@gus$/ })
      await hand.go({ role: 'button', name: 'Assign to me' })
      await hand.go({ role: 'button', name: 'Close report' })
    }
  },
  {
    name: 'suspend somebody',
    costs: { trips: 7, clicks: 0, keys: 73 },
    ends: /^status "The account is suspended\."$/,
    async run(hand) {
      await hand.go(moderation)
      await hand.go({ role: 'link', name: /^People/, within: pageTabs })
      await hand.go({ role: 'link', name: 'Accounts', within: pageTabs })
      await hand.type({ role: 'searchbox', name: 'Name, handle or e-mail address' }, 'gus')
      await hand.enter()
      await hand.go({ role: 'link', name: /@gus/ })
      await hand.type({ role: 'textbox', name: 'Reason', within: 'form[action$="/suspension"]' }, 'Spam, again and again')
      await hand.go({ role: 'button', name: 'Suspend' })
      assert.ok(await hand.page.getByText('Suspended').first().isVisible())
    }
  },
  {
    name: 'approve a sign-up',
    costs: { trips: 4, clicks: 0, keys: 27 },
    ends: /^status "The sign-up is approved/,
    async run(hand) {
      await hand.go(moderation)
      await hand.go({ role: 'link', name: /^1 .*sign-up/i })
      await hand.go({ role: 'button', name: 'Approve @hal' })
    }
  }
]
