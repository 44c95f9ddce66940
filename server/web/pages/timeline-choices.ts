import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { getList } from '#server/lists/find-lists.ts'
import { readId } from '#server/platform/ids.ts'
import { chooseShown, type TimelineKey } from '#server/timelines/choices.ts'
import { setFlash } from '#server/web/flash.ts'
import { safePath } from '#server/web/return-to.ts'

const plainKeys = ['home', 'local', 'federated', 'tags'] as const

/** What somebody leaves out of a timeline, kept for the next time; they come back to its newest page. */
export function timelineChoiceRoutes(app: FastifyInstance, ctx: Context): void {
  app.post('/timelines/choices', { config: { access: 'signed-in' } }, async (request, reply) => {
    const { form } = request
    const who = request.who!
    const timeline = readKey(form.text('timeline'))
    const listId = readId(timeline.replace(/^list:/, ''))
    if (listId !== undefined) await getList(ctx.db, who.account.id, listId)
    await chooseShown(ctx, who, { timeline, hidesBoosts: form.has('hideBoosts'), hidesReplies: form.has('hideReplies') })
    setFlash(reply, 'good', 'flash.saved')
    return reply.redirect(safePath(form.text('returnTo'))?.replace(/[?#].*$/, '') ?? '/home', 303)
  })
}

function readKey(typed: string): TimelineKey {
  const plain = plainKeys.find((key) => key === typed)
  if (plain) return plain
  const id = typed.startsWith('list:') ? readId(typed.slice('list:'.length)) : undefined
  if (id === undefined) throw new Refusal('missing', 'errors.missing')
  return `list:${id}`
}
