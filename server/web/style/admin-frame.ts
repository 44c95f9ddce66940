import { sampleFields } from '#server/web/style/fields.ts'
import type { Samples } from '#server/web/style/samples.ts'

const places: Record<string, string[]> = {
  Dashboard: [],
  People: ['Reports', 'Sign-ups', 'Accounts', 'Invitations'],
  Network: ['Servers', 'New servers', 'Limits', 'Relays', 'Trace'],
  Instance: ['Queue', 'Retention', 'Emoji', 'Trends', 'Welcome', 'Audit log', 'Settings']
}

/** What stands around each sample page of the panel, with the parts of its forms. */
export function sampleAdmin(samples: Samples) {
  const { text, chrome } = samples
  const adminTabs = (current: string) => {
    const tab = (label: string, isCurrent: boolean) => ({
      path: `/admin/${label.toLowerCase().replace(' ', '-')}`,
      label: text(label),
      isCurrent,
      count: label === 'Reports' || label === 'People' ? 2 : 0
    })
    const groups = Object.entries(places)
    const pages = groups.find(([, labels]) => labels.includes(current))?.[1] ?? []
    return {
      groups: groups.map(([label, labels]) => tab(label, label === current || labels.includes(current))),
      pages: pages.map((label) => tab(label, label === current))
    }
  }
  const frame = (path: string, title: string) => chrome(path, title, 'moderator')
  return { ...sampleFields(samples), adminTabs, frame }
}
