import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '#server/errors.ts'
import { getOriginal } from '#server/posts/find-post.ts'
import { loadPosts } from '#server/posts/load-posts.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { page } from '#server/web/page.ts'
import { postPath, viewPosts } from '#server/web/views/view-posts.ts'

/** What becomes of the post: the end of the path that does it, and what is said as finished texts. */
interface Asked {
  act: string
  heading: string
  consequences: string[]
  label: string
}

/** Asks before the post of the address goes, and shows it. Refusal('missing') unless it is one's own. */
export async function askAboutOwn(
  request: FastifyRequest<IdRequest>,
  reply: FastifyReply,
  { act, ...words }: Asked
): Promise<FastifyReply> {
  const { ctx } = request.server
  const viewerId = request.who!.account.id
  const [own] = await loadPosts(ctx.db, viewerId, [await getOriginal(ctx.db, viewerId, idAsked(request, 'errors.postMissing'))])
  if (!own?.viewer?.isOwn) throw new Refusal('missing', 'errors.postMissing')
  const [post] = await viewPosts(request, [own])
  const view = {
    ...words,
    path: `/posts/${own.post.id}/${act}`,
    isDangerous: true,
    cancelPath: postPath(own.author, own.post.id),
    hidden: [],
    quoted: undefined,
    post: post && { ...post, actions: undefined },
    account: undefined
  }
  return page(reply, 'confirm', view, { title: words.heading, cache: 'none' })
}
