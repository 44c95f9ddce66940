import type { AllPageViews } from '#server/web/render.ts'
import type { ChromeView } from '#server/web/views/chrome-view.ts'

/** One page with everything it needs; `file` names the picture. */
export interface SamplePage<Name extends keyof AllPageViews = keyof AllPageViews> {
  file: string
  name: Name
  view: AllPageViews[Name]
  chrome: ChromeView
}

export const okayCheck = { isChecked: false, error: undefined }
export const noPages = { olderPath: undefined, newestPath: undefined }
/** What a timeline is without a line, a newer page or anything to mark. */
/** A timeline page of nothing but posts, and what stands around home's. */
export const plainPage = { links: [], button: undefined, choices: undefined }
export const choices = {
  method: 'post' as const,
  path: '/timelines/choices',
  hidden: [{ name: 'timeline', value: 'home' }],
  hidesBoosts: okayCheck,
  hidesReplies: okayCheck,
  state: undefined
}
export const plainTimeline = {
  line: undefined,
  below: [],
  cameFrom: undefined,
  newer: undefined,
  newerPath: undefined,
  markRead: undefined
}

export function sample<Name extends keyof AllPageViews>(
  file: string,
  name: Name,
  chrome: ChromeView,
  view: AllPageViews[Name]
): SamplePage {
  return { file, name, view, chrome } as SamplePage
}
