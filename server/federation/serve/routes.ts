import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { noteMark } from '#server/federation/serve/answer.ts'
import { actorRoutes } from '#server/federation/serve/actor-routes.ts'
import { authorizationRoutes } from '#server/federation/serve/authorization-routes.ts'
import { collectionRoutes } from '#server/federation/serve/collection-routes.ts'
import { emojiRoutes } from '#server/federation/serve/emoji-routes.ts'
import { featuredRoutes } from '#server/federation/serve/featured-routes.ts'
import { instanceActorRoutes } from '#server/federation/serve/instance-actor-routes.ts'
import { nodeinfoRoutes } from '#server/federation/serve/nodeinfo-routes.ts'
import { postCollectionRoutes } from '#server/federation/serve/post-collection-routes.ts'
import { postRoutes } from '#server/federation/serve/post-routes.ts'
import { createViewers } from '#server/federation/serve/viewers.ts'
import { webfingerRoutes } from '#server/federation/serve/webfinger-routes.ts'

const challenge = 'Signature realm="ActivityPub",headers="(request-target) host date"'

/** What other servers may read here. */
export async function serveRoutes(app: FastifyInstance, ctx: Context): Promise<void> {
  const viewers = createViewers(ctx)
  // Before anything is read, so that what is answered may be kept until the next commit.
  app.addHook('preHandler', async (request) => {
    if (request.method === 'GET') noteMark(request, await ctx.database.mark())
  })
  // How one signs here (draft-cavage-http-signatures-12, section 3.1.1), as every 401 has to say (RFC 9110, section 11.6.1).
  app.addHook('onError', async (_request, reply, error) => {
    if (error instanceof Refusal && error.kind === 'unauthenticated') reply.header('www-authenticate', challenge)
  })
  webfingerRoutes(app, ctx)
  nodeinfoRoutes(app, ctx)
  await instanceActorRoutes(app, ctx)
  actorRoutes(app, ctx, viewers)
  collectionRoutes(app, ctx, viewers)
  featuredRoutes(app, ctx, viewers)
  postRoutes(app, ctx, viewers)
  authorizationRoutes(app, ctx, viewers)
  emojiRoutes(app, ctx, viewers)
  postCollectionRoutes(app, ctx, viewers)
}
