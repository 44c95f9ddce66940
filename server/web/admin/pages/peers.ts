import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { dropPeerQueue, tryPeer } from '#server/moderation/peer-acts.ts'
import { findPeer, listPeers, type PeersWanted } from '#server/peers/list-peers.ts'
import { admins, moderators } from '#server/web/admin/access.ts'
import { askToDrop } from '#server/web/admin/ask-to-drop.ts'
import { adminTabs } from '#server/web/admin/views/admin-tabs.ts'
import { troubleText, viewPeer } from '#server/web/admin/views/peer-view.ts'
import { asked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { viewTime } from '#server/web/views/view-time.ts'

type ByHost = { Params: { host: string } }

const states = ['all', 'failing', 'held'] as const
const pathOf = (host: string) => `/admin/peers/${encodeURIComponent(host)}`

/** The servers this one exchanges something with, and how they fare. */
export function peerRoutes(app: FastifyInstance, ctx: Context): void {
  app.get('/peers', { config: moderators }, async (request, reply) => {
    const view = await viewPeers(ctx, request)
    return page(reply, 'admin/peers', view, { title: request.t('admin.peers') })
  })

  app.get<ByHost>('/peers/:host', { config: moderators }, async (request, reply) => {
    const peer = await findPeer(ctx.db, request.params.host)
    if (!peer) throw new Refusal('missing', 'errors.missing')
    const view = { adminTabs: await adminTabs(request, 'peers'), ...(await viewPeer(ctx, request, peer)) }
    return page(reply, 'admin/peer', view, { title: peer.host })
  })

  app.post<ByHost>('/peers/:host/try', { config: moderators }, async (request, reply) => {
    const { host } = request.params
    await tryPeer(ctx, request.who!, host)
    setFlash(reply, 'good', 'flash.peerTried', { host })
    return reply.redirect(pathOf(host), 303)
  })

  app.post<ByHost>('/peers/:host/drop', { config: admins }, async (request, reply) => {
    const { t, params } = request
    const { host } = params
    const asking = askToDrop(request, reply, {
      heading: t('admin.peerDropHeading', { host }),
      consequences: [t('admin.peerDropExplained', { host }), t('admin.dropForGood')],
      label: t('admin.peerDrop'),
      path: `${pathOf(host)}/drop`,
      cancelPath: pathOf(host)
    })
    if (asking) return asking
    const count = await dropPeerQueue(ctx, request.who!, host)
    setFlash(reply, 'good', 'flash.peerDropped', { count, host })
    return reply.redirect(pathOf(host), 303)
  })
}

async function viewPeers(ctx: Context, request: FastifyRequest) {
  const { t } = request
  const now = ctx.clock.now()
  const query = asked(request, 'q')
  const after = asked(request, 'after')
  const state: PeersWanted['state'] = states.find((each) => each === asked(request, 'state')) ?? 'all'
  const { rows, nextAfter } = await listPeers(ctx.db, { query, state, after }, now)
  const pathWith = (more: Record<string, string>) => {
    const wanted = { ...(query === '' ? {} : { q: query }), ...(state === 'all' ? {} : { state }), ...more }
    return `/admin/peers${Object.keys(wanted).length === 0 ? '' : `?${new URLSearchParams(wanted)}`}`
  }
  return {
    adminTabs: await adminTabs(request, 'peers'),
    query: { value: query, error: undefined },
    state: {
      options: states.map((value) => ({ value, label: t(`admin.peers-${value}`), hint: undefined, isSelected: value === state })),
      error: undefined
    },
    peers: rows.map(({ peer, people, waiting }) => {
      const lastAt = Math.max(peer.lastReceivedAt ?? 0, peer.lastDeliveredAt ?? 0)
      return {
        host: peer.host,
        path: pathOf(peer.host),
        software: peer.software === null ? t('admin.softwareUnknown') : `${peer.software} ${peer.softwareVersion ?? ''}`.trim(),
        text: t('admin.peerText', { people, waiting }),
        trouble: troubleText(request, peer, now),
        lastText: lastAt === 0 ? t('admin.peerLastNever') : t('admin.peerLast', { time: viewTime(request, lastAt).relative })
      }
    }),
    pager: {
      olderPath: nextAfter === undefined ? undefined : pathWith({ after: nextAfter }),
      newestPath: after === '' ? undefined : pathWith({})
    }
  }
}
