import type { FastifyRequest } from 'fastify'
import { hasRole } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import type { PeerRow } from '#server/peers/list-peers.ts'
import { countPeerFigures } from '#server/peers/peer-figures.ts'
import { isDeadHost } from '#server/peers/peer-state.ts'
import { listRefusals } from '#server/peers/refusals.ts'
import type { AdminPeerView } from '#server/web/admin/views/peers-views.ts'
import { sizeText } from '#server/web/admin/views/size-text.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const refusalsShown = 20
const errorCharactersMax = 300

/** How a server fares, in words; undefined while all is well. */
export function troubleText(request: FastifyRequest, peer: PeerRow, now: number): string | undefined {
  const { t } = request
  if (peer.failingSince === null) return undefined
  const since = viewTime(request, peer.failingSince).relative
  if (isDeadHost(peer, now)) return t('admin.peerIsDead', { since })
  return peer.heldUntil !== null && peer.heldUntil > now
    ? t('admin.peerHeld', { since, next: viewTime(request, peer.heldUntil).text })
    : t('admin.peerFailing', { since })
}

export async function viewPeer(ctx: Context, request: FastifyRequest, peer: PeerRow): Promise<Omit<AdminPeerView, 'adminTabs'>> {
  const { t, who } = request
  const { host } = peer
  const figures = await countPeerFigures(ctx.db, host)
  const refusals = await listRefusals(ctx.db, host, refusalsShown)
  const limit = await ctx.limits.of(host)
  const number = (count: number) => t('layout.number', { count })
  const time = (at: number | null | undefined) => (at === null || at === undefined ? t('admin.never') : viewTime(request, at).text)
  const figure = (label: string, value: string) => ({ label: t(label), value })
  const path = `/admin/peers/${encodeURIComponent(host)}`
  return {
    host,
    figures: [
      figure(
        'admin.peerSoftware',
        peer.software === null ? t('admin.peerSoftwareUnknown') : `${peer.software} ${peer.softwareVersion ?? ''}`.trim()
      ),
      figure('admin.peerPeople', number(figures.people)),
      figure('admin.peerFollowed', number(figures.followedThere)),
      figure('admin.peerFollowers', number(figures.followersThere)),
      figure('admin.peerReceived', sizeText(t, peer.receivedBytes)),
      figure('admin.peerDelivered', sizeText(t, peer.deliveredBytes)),
      figure('admin.peerLastReceived', time(peer.lastReceivedAt)),
      figure('admin.peerLastDelivered', time(peer.lastDeliveredAt)),
      figure('admin.peerFirstSeen', time(peer.firstSeenAt)),
      figure('admin.peerSignature', t('admin.peerSignatureKind', { kind: peer.signatureKind })),
      figure('admin.peerWaiting', number(figures.waiting)),
      ...(figures.oldestWaitingAt === undefined ? [] : [figure('admin.peerOldest', time(figures.oldestWaitingAt))])
    ],
    trouble: troubleText(request, peer, ctx.clock.now()),
    lastError: peer.lastError?.slice(0, errorCharactersMax),
    limitText: limit && t(`admin.severityDone-${limit}`),
    tryPath: `${path}/try`,
    dropPath: hasRole(who, 'admin') && figures.waiting + figures.dead.length > 0 ? `${path}/drop` : undefined,
    limitPath: `/admin/domains?${new URLSearchParams({ domain: host })}#limit`,
    whyPath: `/admin/why?${new URLSearchParams({ q: `https://${host}/` })}`,
    dead: figures.dead.map(({ activityUri, lastError, attempts, deadAt }) => ({
      label: activityUri,
      error: (lastError ?? '').slice(0, errorCharactersMax),
      attempts,
      time: viewTime(request, deadAt)
    })),
    refusals: refusals.map(({ status, count, actorUri, why, lastAt }) => ({
      text: t('trace.refused', { status, count, actor: actorUri }),
      why,
      time: viewTime(request, lastAt)
    }))
  }
}
