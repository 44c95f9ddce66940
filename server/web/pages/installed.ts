import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { etagOf } from '#server/platform/etags.ts'
import { asked } from '#server/web/asked.ts'
import { styleSheetName } from '#server/web/assets.ts'
import { page } from '#server/web/page.ts'
import { toComposer } from '#server/web/views/to-composer.ts'

const anHour = 'public, max-age=3600'
/** Launchers cut longer names off at odd places. */
const shortNameCharactersMax = 12
const colours = { background: '#f9fbfb', theme: '#12556f' }

/** What makes the site an app on a phone: its manifest, the worker that shows a page when there is no network, that page, and where shared text arrives. */
export function installedRoutes(app: FastifyInstance, ctx: Context): void {
  const anyone = { config: { access: 'anyone' } } as const
  const pathOf = (name: string) => app.renderer.assets.paths[name]!

  /** W3C Web Application Manifest, the same for everybody. */
  app.get('/manifest.webmanifest', anyone, async (_request, reply) => {
    const { name, language } = await ctx.settings.get()
    const t = ctx.messages.translator(language, { timeZone: 'UTC' })
    const icon = (file: string, size: number, purpose: 'any' | 'maskable') => {
      return { src: pathOf(file), type: 'image/png', sizes: `${size}x${size}`, purpose }
    }
    const manifest = {
      id: '/home',
      name,
      short_name: [...name].slice(0, shortNameCharactersMax).join('').trim(),
      lang: t.language,
      start_url: '/home',
      scope: '/',
      display: 'standalone',
      background_color: colours.background,
      theme_color: colours.theme,
      icons: [
        icon('icon-192.png', 192, 'any'),
        icon('icon-512.png', 512, 'any'),
        icon('icon-maskable-192.png', 192, 'maskable'),
        icon('icon-maskable-512.png', 512, 'maskable')
      ],
      shortcuts: [
        { name: t('composer.open'), url: '/posts/new' },
        { name: t('nav.notifications'), url: '/notifications' },
        { name: t('nav.search'), url: '/search' }
      ],
      share_target: { action: '/posts/new', method: 'GET', params: { title: 'title', text: 'text', url: 'url' } }
    }
    return reply.type('application/manifest+json; charset=utf-8').header('cache-control', anHour).send(JSON.stringify(manifest))
  })

  /** The worker with the addresses of what it keeps; another text whenever one of them changes, so that browsers take the new one. */
  app.get('/sw.js', anyone, async (_request, reply) => {
    const { assets } = app.renderer
    const files = [pathOf(styleSheetName), pathOf('logo.svg')]
    const source = assets.find(pathOf('offline-worker.js'))!.body.toString()
    const text = `const files = ${JSON.stringify(files)}\nconst version = ${JSON.stringify(etagOf(files.join(' ')))}\n${source}`
    return reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(text)
  })

  app.get('/offline', anyone, async (request, reply) => {
    return page(reply, 'offline', {}, { title: request.t('offline.heading') })
  })

  /** A post begun with what another app shares, or with nothing. */
  app.get('/posts/new', { config: { access: 'signed-in', cache: 'none' } }, async (request, reply) => {
    const shared = ['title', 'text', 'url'].map((name) => asked(request, name).trim()).filter((text) => text !== '')
    const { postCharactersMax } = await ctx.settings.get()
    const text = [...new Set(shared)].join('\n\n').slice(0, postCharactersMax)
    const heading = request.t('composer.heading', { kind: 'new' })
    const composer = await toComposer(request, { kind: 'new', text, isOpen: true })
    return page(reply, 'compose', { heading, post: undefined, composer, cancelPath: '/home', deletePath: undefined }, { title: heading })
  })
}
