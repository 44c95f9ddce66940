import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import {
  blockedBy,
  followersOf,
  followingOf,
  type MutedRow,
  mutedBy,
  type PeoplePage,
  peoplePerPage,
  type PeopleRow,
  requestsTo
} from '#server/follows/lists.ts'
import { hidesFollows } from '#server/peers/federation-choices.ts'
import { page } from '#server/web/page.ts'
import { accountAsked, type HandleRequest, relationTo } from '#server/web/pages/profile.ts'
import { settingsTabs } from '#server/web/pages/settings-tabs.ts'
import { viewCards } from '#server/web/views/account-cards.ts'
import type { PeopleView } from '#server/web/views/page-views.ts'
import { relationButton } from '#server/web/views/relation-view.ts'
import { spanText } from '#server/web/views/span-view.ts'
import { pageAsked, toPager } from '#server/web/views/timeline-view.ts'
import { viewTime } from '#server/web/views/view-time.ts'

const sides = { followers: followersOf, following: followingOf } as const

/** Lists of people: who follows somebody, whom they follow, and one's own requests, blocks and mutes. */
export function peopleRoutes(app: FastifyInstance, ctx: Context): void {
  for (const side of ['followers', 'following'] as const) {
    app.get(`/@:handle/${side}`, { config: { access: 'anyone' }, constraints: { accept: 'html' } }, (request: HandleRequest, reply) =>
      showFollows(ctx, request, reply, side)
    )
  }

  app.get('/follow-requests', { config: { access: 'signed-in' } }, async (request, reply) => {
    const { t } = request
    const list = await listed(request, (asked) => requestsTo(ctx.db, request.who!.account.id, asked))
    const cards = await viewCards(request, list.accounts, {
      buttonsOf: (account) => [relationButton('accept', account, t), relationButton('reject', account, t)]
    })
    return show(reply, 'requests', { tabs: [], cards, pager: list.pager })
  })

  const config = { access: 'signed-in', cache: 'none' } as const
  app.get('/settings/blocks', { config }, async (request, reply) => {
    const list = await listed(request, (asked) => blockedBy(ctx.db, request.who!.account.id, asked))
    const cards = await viewCards(request, list.accounts, { buttonsOf: (account) => [relationButton('unblock', account, request.t)] })
    return show(reply, 'blocks', { tabs: settingsTabs(request, 'blocks'), cards, pager: list.pager })
  })

  app.get('/settings/mutes', { config }, async (request, reply) => {
    const list = await listed(request, (asked) => mutedBy(ctx.db, request.who!.account.id, ctx.clock.now(), asked))
    const mutes = new Map(list.rows.map((row) => [row.account.id, row]))
    const cards = await viewCards(request, list.accounts, {
      buttonsOf: (account) => [relationButton('unmute', account, request.t)],
      badgesOf: (account) => muteBadges(request, mutes.get(account.id))
    })
    return show(reply, 'mutes', { tabs: settingsTabs(request, 'mutes'), cards, pager: list.pager })
  })
}

/** When a mute ends, and what it leaves. */
function muteBadges(request: FastifyRequest, mute: MutedRow | undefined): string[] {
  if (!mute) return []
  const { t, server } = request
  const { expiresAt, hidesNotifications } = mute
  return [
    ...(expiresAt === null
      ? []
      : [t('mute.badgeUntil', { span: spanText(t, expiresAt - server.ctx.clock.now()), time: viewTime(request, expiresAt).text })]),
    ...(hidesNotifications ? [] : [t('mute.badgeTells')])
  ]
}

/** A peer's lists stay on its own server: what we know of them is only a part. */
async function showFollows(ctx: Context, request: HandleRequest, reply: FastifyReply, side: keyof typeof sides): Promise<unknown> {
  const { t } = request
  const account = await accountAsked(ctx, request, reply, `/${side}`)
  if (!account) return reply
  const handle = handleOf(account)
  if (account.domain !== null) return reply.redirect(`/${encodeURI(handle)}`, 303)
  if ((await relationTo(request, account)).isBlockedBy) throw new Refusal('missing', 'errors.missing')
  const isHidden = request.who?.account.id !== account.id && (await hidesFollows(ctx.db, account.id))
  const list = await listed(request, async (asked) =>
    isHidden ? [] : sides[side](ctx.db, account.id, { ...asked, viewerId: request.who?.account.id })
  )
  const view: PeopleView = {
    heading: t(`people.${side}`),
    lead: undefined,
    back: { path: `/${handle}`, label: handle },
    tabs: (['following', 'followers'] as const).map((each) => ({
      path: `/${handle}/${each}`,
      label: t(`people.${each}`),
      isCurrent: each === side
    })),
    cards: await viewCards(request, list.accounts),
    emptyText: t(isHidden ? 'people.followsHidden' : `people.${side}Empty`),
    pager: list.pager
  }
  return page(reply, 'people', view, { title: t(`people.${side}Title`, { handle }), alternateUrl: `${account.uri}/${side}` })
}

function show(
  reply: FastifyReply,
  name: string,
  { tabs, cards, pager }: Pick<PeopleView, 'tabs' | 'cards' | 'pager'>
): Promise<FastifyReply> {
  const { t } = reply.request
  const view = {
    heading: t(`people.${name}`),
    lead: t(`people.${name}Lead`),
    back: tabs.length > 0 ? { path: '/settings', label: t('nav.settings') } : undefined,
    tabs,
    cards,
    emptyText: t(`people.${name}Empty`),
    pager
  }
  return page(reply, 'people', view, { title: view.heading })
}

/** The page of a list that the address asks for, and the ways on from it. */
async function listed<Row extends PeopleRow>(request: FastifyRequest, read: (asked: PeoplePage) => Promise<Row[]>) {
  const found = await read({ before: pageAsked(request).beforeId, limit: peoplePerPage + 1 })
  const rows = found.slice(0, peoplePerPage)
  return {
    rows,
    accounts: rows.map(({ account }) => account),
    pager: toPager(request, found.length > peoplePerPage ? rows.at(-1)?.cursor : undefined)
  }
}
