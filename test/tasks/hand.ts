import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { CDPSession, Locator, Page } from 'playwright-core'

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

/** What acts press at most before they are lost on a page. */
const stopsMax = 120
const scrollsMax = 80
const thumbPixels = 44
export const siteNavigation = '.site-nav'
/** Tabs that a skip link of their own leads to, since the one to the content passes them. */
export const pageTabs = 'nav.tabs'
const pollMs = 25
/** A scroll goes on, or has ended, after so long. */
const frameMs = 20
const scrollMsMax = 500
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

/** Somebody with a mouse. */
export class Pointer extends Hand {
  protected found: Locator | undefined

  protected override async reach(target: Target): Promise<void> {
    this.found = locate(this.page, target)
    if (target.role === 'textbox' || target.role === 'searchbox') {
      const isThere = await this.found.evaluate((field) => field === document.activeElement)
      if (!isThere) await this.use()
    }
  }

  protected override async use(): Promise<void> {
    await this.found!.click()
    this.acts += 1
  }

  override async choose(target: Target): Promise<void> {
    await this.press(target)
  }

  override async passPosts(): Promise<void> {}

  override async readOn(): Promise<void> {
    await this.page.mouse.move(640, 450)
    for (let scrolls = 0; scrolls < scrollsMax; scrolls++) {
      if (await isAtEnd(this.page)) return
      await this.page.mouse.wheel(0, 800)
      await wait(frameMs)
    }
  }
}

/** Somebody with a thumb and a phone: whatever they aim at is large enough for it. */
export class Thumb extends Pointer {
  protected override async reach(target: Target): Promise<void> {
    const found = locate(this.page, target)
    const isInMenu = target.within === siteNavigation && target.name !== 'Menu' && !(await found.isVisible())
    if (isInMenu) await this.press({ role: 'button', name: 'Menu', within: siteNavigation })
    await found.waitFor()
    await this.#isLargeEnough(found, target)
    await super.reach(target)
  }

  protected override async use(): Promise<void> {
    await this.found!.tap()
    this.acts += 1
  }

  async #isLargeEnough(found: Locator, { role, name }: Target): Promise<void> {
    // A label is part of what it names.
    const { width, height } = await found.evaluate((element) => {
      const labels = element instanceof HTMLInputElement && /radio|checkbox/.test(element.type) ? [...(element.labels ?? [])] : []
      const boxes = [element, ...labels].map((each) => each.getBoundingClientRect())
      const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))]
      return { width: Math.max(...boxes.map((box) => box.right)) - left, height: Math.max(...boxes.map((box) => box.bottom)) - top }
    })
    assert.ok(width >= thumbPixels - 0.5 && height >= thumbPixels - 0.5, `${role} "${name}" is ${width} by ${height} on ${this.page.url()}`)
  }
}

/** Somebody who has keys only, and knows of a page what the accessibility tree says of where they are. */
export class Keys extends Hand {
  protected override async reach({ role, name, within = 'main' }: Target): Promise<void> {
    const passed: string[] = []
    for (let stops = 0; stops < stopsMax; stops++) {
      const at = await this.focus()
      if (isMeant(at, role, name) && (await this.isWithin(within))) return this.#isInSight(at)
      if (at.role === 'link' && at.name === 'Skip to the content' && within.startsWith('main')) {
        await this.key('Enter')
        passed.push('(skipped to content)')
      }
      if (at.role === 'link' && at.name === 'Skip to the tabs' && within === pageTabs) {
        await this.key('Enter')
        passed.push('(skipped to tabs)')
      }
      await this.key('Tab')
      passed.push(`${at.role} "${at.name}"`)
    }
    assert.fail(`No ${role} "${name}" is reached on ${this.page.url()}; passed ${passed.join(', ')}`)
  }

  /** Buttons, links and folds take Enter; what is ticked, and what chooses a file, takes the space bar. */
  protected override async use({ role }: Target): Promise<void> {
    await this.key(role === 'checkbox' || role === 'radio' || role === 'file' ? 'Space' : 'Enter')
  }

  override async choose(target: Target): Promise<void> {
    await this.reach({ ...target, name: /./ })
    for (let count = 0; count < stopsMax; count++) {
      const at = await this.focus()
      if (at.role === 'radio' && at.name === target.name) {
        if (!(await this.page.evaluate('document.activeElement.checked'))) await this.key('Space')
        return
      }
      await this.key('ArrowDown')
    }
    assert.fail(`No choice "${target.name}"`)
  }

  /** One stop further; what has the focus there is seen. */
  async next(): Promise<Named> {
    await this.key('Tab')
    const at = await this.focus()
    if (at.role !== 'none') await this.#isInSight(at)
    return at
  }

  /** One key, such as Escape. */
  async strike(name: string): Promise<void> {
    await this.key(name)
  }

  override async passPosts(): Promise<void> {
    await this.press({ role: 'link', name: 'Skip these posts' })
  }

  override async readOn(): Promise<void> {
    for (let screens = 0; screens < scrollsMax; screens++) {
      if (await isAtEnd(this.page)) return
      const from = await scrollOf(this.page)
      await this.key('PageDown')
      // The browser glides; whoever reads presses again when it stands.
      let last = await until(
        () => scrollOf(this.page),
        (top) => top > from,
        scrollMsMax
      )
      for (let top = -1; top !== last; ) {
        await wait(frameMs)
        ;[last, top] = [await scrollOf(this.page), last]
      }
    }
  }

  /** What has the focus is seen: it lies in the window, and nothing of the page's frame covers it. */
  async #isInSight({ role, name }: Named): Promise<void> {
    const fault = await until(
      () => this.page.evaluate(faultOfSight),
      (said) => said === ''
    )
    assert.equal(fault, '', `${role} "${name}" on ${this.page.url()}`)
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

function faultOfSight(): string {
  const element = document.activeElement!
  const { top, bottom, left, right, width, height } = element.getBoundingClientRect()
  // A field can be taller than the window: its first lines count.
  const [x, y] = [(left + right) / 2, Math.min((top + bottom) / 2, top + 20)]
  if (width < 2 || height < 2) return `is ${width} by ${height}`
  if (y < 0 || y > innerHeight || x < 0 || x > innerWidth) return `lies at ${x}, ${y} of ${innerWidth}, ${innerHeight}`
  const over = document.elementFromPoint(x, y)
  const isFree = over !== null && (element.contains(over) || over.contains(element) || over.closest('label')?.control === element)
  return isFree ? '' : `is covered by ${over?.tagName} ${over?.className}`
}

function scrollOf(page: Page): Promise<number> {
  return page.evaluate(() => scrollY)
}

function isAtEnd(page: Page): Promise<boolean> {
  return page.evaluate(() => scrollY + innerHeight >= document.documentElement.scrollHeight - 2)
}

const treeRoles: Partial<Record<Target['role'], string[]>> = { fold: ['DisclosureTriangle', 'DisclosureTriangleGrouped'], file: ['button'] }

function isMeant(at: Named, role: Target['role'], name: string | RegExp): boolean {
  const said = role === 'file' ? at.name.replace(/: No file chosen$/, '') : at.name
  return (treeRoles[role] ?? [role]).includes(at.role) && (typeof name === 'string' ? said === name : name.test(said))
}

function locate(page: Page, { role, name, within = 'main' }: Target): Locator {
  const place = page.locator(within)
  if (role === 'fold')
    return place
      .locator('summary')
      .and(place.getByLabel(name).or(place.locator('summary', { hasText: name })))
      .first()
  if (role === 'file') return place.getByLabel(name, { exact: typeof name === 'string' })
  return place.getByRole(role, { name, exact: typeof name === 'string' }).first()
}
