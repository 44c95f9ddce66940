import type { FastifyInstance } from 'fastify'
import type { Context } from '#server/context.ts'
import { version } from '#server/version.ts'
import { keepUsage } from '#server/peers/count-people.ts'

/** How long counted numbers are told again. */
const usageMs = 10 * 60_000
const everybody = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=600' }
const forPeers = { config: { access: 'peer' } } as const
/** The older one last: GoToSocial takes the last link and reads no later version; who can choose takes what they know. */
const versions = ['2.1', '2.0'] as const

/** NodeInfo 2.0 and 2.1, and the document that leads there. */
export function nodeinfoRoutes(app: FastifyInstance, ctx: Context): void {
  const { origin } = ctx.config
  const usageNow = keepUsage(ctx, usageMs)

  app.get('/.well-known/nodeinfo', forPeers, async (_request, reply) =>
    reply.headers({ ...everybody, 'content-type': 'application/json; charset=utf-8' }).send(
      JSON.stringify({
        links: versions.map((each) => ({ rel: `http://nodeinfo.diaspora.software/ns/schema/${each}`, href: `${origin}/nodeinfo/${each}` }))
      })
    )
  )

  for (const each of versions) {
    app.get(`/nodeinfo/${each}`, forPeers, async (_request, reply) => {
      const { name, description, signUp, sourceUrl } = await ctx.settings.get()
      const usage = await usageNow()
      const document = {
        version: each,
        // Only the later version has a place for it.
        software: { name: 'skerry', version, ...(sourceUrl && each === '2.1' ? { repository: sourceUrl } : {}) },
        protocols: ['activitypub'],
        services: { inbound: [], outbound: [] },
        openRegistrations: signUp === 'open' || signUp === 'approval',
        usage: {
          users: { total: usage.people, activeMonth: usage.activeMonth, activeHalfyear: usage.activeHalfYear },
          localPosts: usage.posts
        },
        metadata: { nodeName: name, nodeDescription: description }
      }
      const profile = `http://nodeinfo.diaspora.software/ns/schema/${each}#`
      return reply
        .headers({ ...everybody, 'content-type': `application/json; profile="${profile}"; charset=utf-8` })
        .send(JSON.stringify(document))
    })
  }
}
