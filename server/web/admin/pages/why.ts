import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { Context } from '#server/context.ts'
import { type TraceStep, traceArrival } from '#server/moderation/trace-arrival.ts'
import { moderators } from '#server/web/admin/access.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { asked } from '#server/web/asked.ts'
import { requiredText } from '#server/web/form.ts'
import { page } from '#server/web/page.ts'
import { blank, submitted, Typed } from '#server/web/typed.ts'

const drawings = { good: 'done', bad: 'failed', plain: 'open' } as const
const inputCharactersMax = 2_048

/** Why something did not arrive: an address is followed along the whole way. Others' servers are asked by a POST, so that no link can cause it. */
export function whyRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/why', { config: moderators }, blank(show))

  app.post(
    '/why',
    { config: moderators },
    submitted(show, async (request, reply, form) => {
      const line = v.pipe(v.string(), v.trim(), v.maxLength(inputCharactersMax, 'form.tooLong'))
      const typed = form.parse({ input: v.pipe(requiredText, line), person: line })
      const steps = await traceArrival(ctx, request.who!, typed)
      return show(request, reply, new Typed(form, undefined, undefined, true), steps)
    })
  )
}

async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed, steps?: TraceStep[]): Promise<FastifyReply> {
  const { t } = request
  const view = {
    adminTabs: await adminTabs(request, 'why'),
    input: typed.input('input', asked(request, 'q')),
    person: typed.input('person'),
    steps: steps?.map(({ part, key, values, tone, error }) => ({
      part: t(`trace.part-${part}`),
      text: t(key, values),
      error,
      state: drawings[tone],
      isBad: tone === 'bad',
      toneText: t(`trace.tone-${tone}`)
    }))
  }
  return page(reply, 'admin/why', view, { title: t('admin.why'), status: typed.status })
}
