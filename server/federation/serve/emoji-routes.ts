import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { findOutgoingEmoji } from '#server/emoji/find-own.ts'
import { Refusal } from '#server/errors.ts'
import { answerDocument } from '#server/federation/serve/answer.ts'
import type { Viewers } from '#server/federation/serve/viewers.ts'
import { toEmojiDocument } from '#server/federation/vocabulary/to-emoji.ts'
import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import { readId } from '#server/platform/ids.ts'

const config = { access: 'peer' } as const

/** `/emoji/<number>`: a custom emoji of ours, for whoever may read anything here; 410 and a tombstone once it is deleted. */
export function emojiRoutes(app: FastifyInstance, ctx: Context, viewers: Viewers): void {
  app.get('/emoji/:id', { config }, async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
    const id = readId(request.params.id)
    const emoji = id === undefined ? undefined : await findOutgoingEmoji(ctx.db, id)
    const owner = await findInstanceActor(ctx.db)
    if (!emoji || !owner) throw new Refusal('missing', 'errors.missing')
    await viewers.admit(request, owner.id)
    const document = toEmojiDocument(emoji, ctx.config.origin)
    return answerDocument(request, reply, document, 'public', emoji.deletedAt === null ? 200 : 410)
  })
}
