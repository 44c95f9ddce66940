import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { CDPSession, Page } from 'playwright-core'

/** What assistive technology is told of an element. */
export interface Named {
  role: string
  name: string
}

/** What a step goes for. `within` is a CSS selector of what it stands in; the page's own part when absent. */
export interface Target {
  role: 'link' | 'button' | 'textbox' | 'searchbox' | 'radio' | 'checkbox' | 'fold' | 'file'
  /** All of the accessible name, or a pattern of it. */
  name: string | RegExp
  within?: string
}

export interface Cost {
  /** Documents and what scripts fetch, redirects counted for themselves. */
  trips: number
  /** Clicks of somebody who points, keys of somebody who does not; what is typed into fields does not count. */
  acts: number
  letters: number
}

/** What acts scroll at most before they are lost on a page. */
export const scrollsMax = 80
export const siteNavigation = '.site-nav'
/** Tabs that a skip link of their own leads to, since the one to the content passes them. */
export const pageTabs = 'nav.tabs'
const pollMs = 25
/** A scroll goes on, or has ended, after so long. */
export const frameMs = 20
const focusMsMax = 1_000
/** A script that is brought when a field is first used is there. */
const scriptMsMax = 2_000
const untilMsMax = 10_000

/** Somebody at a browser, who knows a page by roles and names. What they do is counted. */
export abstract class Hand {
  readonly page: Page
  readonly hasScripts: boolean
  protected acts = 0
  #letters = 0
  #trips = 0
  readonly #session: Promise<CDPSession>

  constructor(page: Page, hasScripts: boolean) {
    this.page = page
    this.hasScripts = hasScripts
    this.#session = page.context().newCDPSession(page)
    page.on('request', (request) => {
      // Static files are kept for a year, so they are no part of a task.
      const isKept = new URL(request.url()).pathname.startsWith('/static/')
      if (!isKept && ['document', 'fetch', 'xhr'].includes(request.resourceType())) this.#trips += 1
    })
  }

  /** Brings the hand to the target; what follows is done there. */
  protected abstract reach(target: Target): Promise<void>
  /** Presses, follows, opens or ticks what was reached. */
  protected abstract use(target: Target): Promise<void>
  /** Goes behind a long list of posts to what follows it. */
  abstract passPosts(): Promise<void>
  /** Reads to the end of the page, a screen at a time. */
  abstract readOn(): Promise<void>

  /** Uses the target, and is on the page it leads to. */
  async go(target: Target): Promise<void> {
    await this.reach(target)
    await this.#leave(() => this.use(target))
  }

  /** Uses the target, which changes the page one is on. */
  async press(target: Target): Promise<void> {
    await this.reach(target)
    await this.use(target)
  }

  async type(target: Target, text: string): Promise<void> {
    await this.reach(target)
    // Behind what stands there already, which without a script is where browsers do not put the caret.
    const isBefore = () => this.page.evaluate(isBeforeText)
    if (this.hasScripts ? await until(isBefore, (is) => !is, scriptMsMax) : await isBefore()) await this.key('Control+End')
    await this.write(text)
  }

  /** Chooses one of several; nothing of them needs to be chosen before. */
  abstract choose(target: Target): Promise<void>

  /** The file chooser is the browser's own. */
  async attach(target: Target, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    await this.reach(target)
    const chooser = this.page.waitForEvent('filechooser')
    await this.use(target)
    await (await chooser).setFiles(file)
  }

  async enter(): Promise<void> {
    await this.#leave(() => this.page.keyboard.press('Enter'))
    this.acts += 1
  }

  /** What was counted since it was asked last. */
  takeCost(): Cost {
    const cost = { trips: this.#trips, acts: this.acts, letters: this.#letters }
    this.#trips = this.acts = this.#letters = 0
    return cost
  }

  /** Where the focus is, as assistive technology is told; what has no name is read out. */
  async focus(): Promise<Named> {
    const session = await this.#session
    const { result } = await session.send('Runtime.evaluate', { expression: 'document.activeElement' })
    const { objectId } = result
    assert.ok(objectId)
    const { nodes } = await session.send('Accessibility.getPartialAXTree', { objectId, fetchRelatives: false })
    const role = String(nodes[0]?.role?.value ?? '')
    const name = String(nodes[0]?.name?.value ?? '')
    if (name !== '' || role === 'none') return { role, name }
    const functionDeclaration = 'function () { return this.textContent.trim() }'
    const said = await session.send('Runtime.callFunctionOn', { objectId, returnByValue: true, functionDeclaration })
    return { role, name: String(said.result.value) }
  }

  protected async isWithin(selector: string): Promise<boolean> {
    return this.page.evaluate((scope) => document.activeElement?.closest(scope) !== null, selector)
  }

  protected async write(text: string): Promise<void> {
    await this.page.keyboard.type(text)
    this.#letters += text.length
  }

  protected async key(name: string): Promise<void> {
    await this.page.keyboard.press(name)
    this.acts += 1
  }

  async #leave(act: () => Promise<void>): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), act()])
    // The browser gives the focus a moment after it has loaded the page.
    await until(() => this.page.evaluate(isFocusGiven), Boolean, focusMsMax)
  }
}

/** Asks until the answer is as wished, or the last one. */
export async function until<T>(ask: () => Promise<T>, isWished: (answer: T) => boolean, msMax = untilMsMax): Promise<T> {
  const endsAt = performance.now() + msMax
  for (;;) {
    const answer = await ask()
    if (isWished(answer) || performance.now() > endsAt) return answer
    await wait(pollMs)
  }
}

function isFocusGiven(): boolean {
  return document.activeElement !== document.body || !document.querySelector('[autofocus], :target[tabindex]')
}

function isBeforeText(): boolean {
  const field = document.activeElement as HTMLTextAreaElement
  return field.tagName === 'TEXTAREA' && field.value !== '' && field.selectionStart === 0
}

/** Whether the end of the page is in the window. */
export function isAtEnd(page: Page): Promise<boolean> {
  return page.evaluate(() => scrollY + innerHeight >= document.documentElement.scrollHeight - 2)
}
