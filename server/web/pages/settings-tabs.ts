import type { FastifyRequest } from 'fastify'
import type { TabView } from '#server/web/views/page-views.ts'

const pages = [
  'profile',
  'posting',
  'privacy',
  'notifications',
  'account',
  'security',
  'sessions',
  'appearance',
  'moving',
  'filters',
  'mutes',
  'blocks',
  'servers'
] as const

/** The settings pages in a row; which one is open is said, since an answer to a form stands under another address. */
export function settingsTabs({ t }: FastifyRequest, current: (typeof pages)[number]): TabView[] {
  return pages.map((name) => ({ path: `/settings/${name}`, label: t(`settings.${name}`), isCurrent: name === current }))
}
