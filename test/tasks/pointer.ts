import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { Locator, Page } from 'playwright-core'
import { frameMs, Hand, isAtEnd, scrollsMax, siteNavigation, type Target } from '#test/tasks/hand.ts'

const thumbPixels = 44

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
