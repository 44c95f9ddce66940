import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { completeOwnEmoji } from '#server/emoji/complete-own.ts'
import { emojiBook, type OwnEmoji } from '#server/emoji/emoji-book.ts'
import { completePeople, completeTags, offeredMax } from '#server/search/complete.ts'
import { completeEmoji } from '#server/search/complete-emoji.ts'
import { asked, askedOf } from '#server/web/asked.ts'
import { createPersonRate } from '#server/web/person-rate.ts'
import { viewAccounts } from '#server/web/views/view-accounts.ts'

const typedCharactersMax = 100
/** Custom emoji among what is offered: there is room left for those of Unicode. */
const ownOfferedMax = 5
/** Somebody who types fast asks five times a second for a while. */
const rate = { max: 240, windowMs: 60_000 }

/** One thing that may stand where its beginning was typed. */
interface Completion {
  insert: string
  label: string
  detail?: string
  image?: string | undefined
  /** An emoji. */
  symbol?: string
}

/** The picture stands still in a list that comes and goes. */
function viewOwn({ shortcode, alt, mediaKey, isAnimated }: OwnEmoji): Completion {
  const code = `:${shortcode}:`
  return { insert: code, label: code, ...(alt === '' ? {} : { detail: alt }), image: `/media/${mediaKey}${isAnimated ? '/preview' : ''}` }
}

/** `/completions?kind=person|tag|emoji&q=`: what the composer offers while one types, eight at most, for nobody but who is signed in. */
export function completionRoutes(app: FastifyInstance, ctx: Context): void {
  const countIn = createPersonRate(rate)

  async function complete(viewerId: number, kind: 'person' | 'tag' | 'emoji', typed: string): Promise<Completion[]> {
    if (kind === 'tag') return (await completeTags(ctx.db, viewerId, typed)).map((tag) => ({ insert: `#${tag}`, label: `#${tag}` }))
    if (kind === 'emoji') {
      const own = completeOwnEmoji(await emojiBook(ctx), typed, ownOfferedMax).map(viewOwn)
      const others = completeEmoji(typed).map(({ emoji, name }) => ({ insert: emoji, label: name.replaceAll('_', ' '), symbol: emoji }))
      return [...own, ...others].slice(0, offeredMax)
    }
    const people = await viewAccounts(ctx, await completePeople(ctx.db, viewerId, typed))
    return people.map(({ handle, name, avatarUrl }) => ({ insert: handle, label: name, detail: handle, image: avatarUrl }))
  }

  app.get('/completions', { config: { access: 'signed-in', cache: 'none' } }, async (request, reply) => {
    countIn(request)
    const kind = askedOf(request, 'kind', ['person', 'tag', 'emoji'])
    const typed = asked(request, 'q').slice(0, typedCharactersMax)
    return reply.header('cache-control', 'no-store').send({ items: await complete(request.who!.account.id, kind, typed) })
  })
}
