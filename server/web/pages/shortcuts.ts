import type { FastifyInstance } from 'fastify'
import { page } from '#server/web/page.ts'

/** The keys of views/static/shortcuts.js, in the order of what people do; keys that follow each other stand in one row. */
const groups = {
  read: [
    ['j', 'next'],
    ['k', 'previous'],
    ['o', 'open'],
    ['x', 'warning'],
    ['h', 'media'],
    ['.', 'newer']
  ],
  act: [
    ['r', 'reply'],
    ['f', 'favourite'],
    ['b', 'boost'],
    ['s', 'bookmark'],
    ['m', 'more'],
    ['n', 'compose']
  ],
  go: [
    ['g h', 'home'],
    ['g n', 'notifications'],
    ['g l', 'local'],
    ['g f', 'federated'],
    ['g b', 'bookmarks'],
    ['g p', 'profile'],
    ['g s', 'settings'],
    ['/', 'search'],
    ['?', 'help']
  ]
} as const

/** All keyboard shortcuts on a page, which the key `?` also shows over any other. */
export function shortcutRoutes(app: FastifyInstance): void {
  app.get('/shortcuts', { config: { access: 'anyone' } }, async (request, reply) => {
    const { t } = request
    const view = {
      groups: Object.entries(groups).map(([name, rows]) => ({
        heading: t(`shortcuts.group-${name}`),
        rows: rows.map(([keys, act]) => ({ keys: keys.split(' '), label: t(`shortcuts.do-${act}`) }))
      }))
    }
    return page(reply, 'shortcuts', view, { title: t('shortcuts.heading') })
  })
}
