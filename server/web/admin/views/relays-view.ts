import type { FastifyRequest } from 'fastify'
import { fetchesPerHourMax, type Relay } from '#server/peers/relays.ts'
import type { AdminView } from '#server/web/admin/views/admin-views.ts'
import type { InputView } from '#server/web/views/form-view.ts'
import type { TimeView } from '#server/web/views/time-view.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const hourMs = 3_600_000

export interface AdminRelaysView extends AdminView {
  path: string
  error: string | undefined
  url: InputView
  relays: {
    address: string
    kindText: string
    stateText: string
    isGood: boolean
    isBad: boolean
    added: TimeView
    /** When it last told of a post; undefined when it never has. */
    heard: TimeView | undefined
    /** How much of its hour it has used; undefined when it brings nothing. */
    fetchesText: string | undefined
    /** Why it could not be reached; undefined while it can. */
    errorText: string | undefined
    removePath: string
    removeName: string
  }[]
}

/** A relay as the page lists it; `lastError` is why its server could not be reached, null while it can. */
export function viewRelay(request: FastifyRequest, relay: Relay, lastError: string | null): AdminRelaysView['relays'][number] {
  const { t, server } = request
  const address = relay.kind === 'mastodon' ? relay.inboxUrl : (relay.actorUri ?? relay.inboxUrl)
  const isThisHour = relay.hourStartedAt > server.ctx.clock.now() - hourMs
  return {
    address,
    kindText: t(`admin.relayKind-${relay.kind}`),
    stateText: t(`admin.relayState-${relay.state}`),
    isGood: relay.state === 'accepted',
    isBad: relay.state === 'rejected',
    added: viewTime(request, relay.addedAt),
    heard: relay.heardAt === null ? undefined : viewTime(request, relay.heardAt),
    fetchesText:
      relay.heardAt === null
        ? undefined
        : t('admin.relayFetches', { count: isThisHour ? relay.fetchesCount : 0, limit: fetchesPerHourMax }),
    errorText: lastError === null ? undefined : t('admin.relayError', { error: lastError }),
    removePath: `/admin/relays/${relay.id}/removal`,
    removeName: t('admin.relayRemoveName', { address })
  }
}
