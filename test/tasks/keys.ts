import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { frameMs, Hand, isAtEnd, type Named, pageTabs, scrollsMax, type Target, until } from '#test/tasks/hand.ts'

/** What acts press at most before they are lost on a page. */
const stopsMax = 120
const scrollMsMax = 500

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

const treeRoles: Partial<Record<Target['role'], string[]>> = { fold: ['DisclosureTriangle', 'DisclosureTriangleGrouped'], file: ['button'] }

function isMeant(at: Named, role: Target['role'], name: string | RegExp): boolean {
  const said = role === 'file' ? at.name.replace(/: No file chosen$/, '') : at.name
  return (treeRoles[role] ?? [role]).includes(at.role) && (typeof name === 'string' ? said === name : name.test(said))
}
