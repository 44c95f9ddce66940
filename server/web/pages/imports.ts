import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ImportKind } from '#db/schema/imports.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { failedLines, getImport, linesPerPage, listImports, progressOf } from '#server/imports/find-import.ts'
import { importBytesMax, importKinds } from '#server/imports/read-rows.ts'
import { retryImport, startImport } from '#server/imports/start-import.ts'
import { cursorOf } from '#server/timelines/pages.ts'
import { asked, type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import type { Form } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import type { ImportView } from '#server/web/views/first-run-views.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const config = { access: 'signed-in', cache: 'none' } as const

/** `/settings/import`: what one brings along from elsewhere; `/imports/<id>`: how far it is, and what failed and why. */
export function importRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/settings/import', { config }, blank(showForm))
  app.post(
    '/settings/import',
    { config: { ...config, filesMax: 1 } },
    submitted(showForm, async (request, reply, form) => {
      const kind = importKinds.find((each) => each === form.text('kind'))
      if (!kind) throw new Refusal('invalid', 'form.invalid', {}, 'kind')
      const id = await startImport(ctx, request.who!, { kind, text: textOf(form) })
      setFlash(reply, 'good', 'flash.importStarted')
      return reply.redirect(`/imports/${id}`, 303)
    })
  )

  app.get('/imports/:id', { config }, (request: FastifyRequest<IdRequest>, reply) => showImport(request, reply))
  app.post('/imports/:id/retry', { config }, async (request: FastifyRequest<IdRequest>, reply) => {
    const importId = idAsked(request)
    await retryImport(ctx, request.who!, { importId })
    setFlash(reply, 'good', 'flash.importRetried')
    return reply.redirect(`/imports/${importId}`, 303)
  })
}

/** The file, when one came along, else what was pasted. */
function textOf(form: Form): string {
  const [file] = form.files('file')
  if (!file) return form.text('text')
  if (file.bytes.length > importBytesMax) throw new Refusal('too-large', 'import.tooLarge', { limit: importBytesMax }, 'file')
  return file.bytes.toString('utf8')
}

async function showForm(request: FastifyRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t, who, server } = request
  const options = importKinds.map((value) => ({ value, label: t(`import.kind-${value}`), hint: t(`import.hint-${value}`) }))
  const imports = await listImports(server.ctx.db, who!.account.id)
  const view = {
    tabs: settingsTabs(request, 'import'),
    path: '/settings/import',
    error: typed.error,
    kind: typed.choice('kind', options, 'follows' satisfies ImportKind),
    text: typed.input('text'),
    fileError: typed.errorOf('file'),
    imports: imports.map(({ id, kind, rowsCount, createdAt, endedAt }) => ({
      path: `/imports/${id}`,
      label: t(`import.kind-${kind}`),
      text: t(endedAt === null ? 'import.listRunning' : 'import.listEnded', { count: rowsCount }),
      time: viewTime(request, createdAt)
    }))
  }
  return page(reply, 'settings-import', view, { title: t('settings.import'), status: typed.status })
}

async function showImport(request: FastifyRequest<IdRequest>, reply: FastifyReply): Promise<FastifyReply> {
  const { t, who, server } = request
  const { db } = server.ctx
  const found = await getImport(db, who!.account.id, idAsked(request))
  const { waiting, done, failed } = await progressOf(db, found.id)
  const lines = await failedLines(db, found.id, cursorOf(asked(request, 'before')) ?? 0)
  const path = `/imports/${found.id}`
  const view: ImportView = {
    heading: t(`import.kind-${found.kind}`),
    progressText: t(waiting > 0 ? 'import.progress' : 'import.ended', { done, failed, total: found.rowsCount }),
    done: done + failed,
    total: found.rowsCount,
    isRunning: waiting > 0,
    path,
    retry:
      failed > 0 && waiting === 0
        ? { path: `${path}/retry`, label: t('import.retry', { count: failed }), name: undefined, tone: 'plain' }
        : undefined,
    failed: lines.map(({ subject, reasonKey, reasonValues }) => ({ subject, reason: t(reasonKey ?? 'import.nobody', reasonValues ?? {}) })),
    morePath: lines.length === linesPerPage ? `${path}?before=${lines.at(-1)!.id}` : undefined
  }
  return page(reply, 'import', view, { title: t('import.title') })
}
