import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { getAccount } from '#server/accounts/find-account.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { isInstanceActor } from '#server/accounts/shown-account.ts'
import type { Account, Person } from '#server/accounts/who.ts'
import type { Context } from '#server/context.ts'
import { Refusal } from '#server/errors.ts'
import { acceptRequest, rejectRequest, removeFollower } from '#server/follows/answer-request.ts'
import { blockAccount, unblockAccount } from '#server/follows/block-account.ts'
import { followAccount } from '#server/follows/follow-account.ts'
import { muteAccount, unmuteAccount } from '#server/follows/mute-account.ts'
import { unfollowAccount } from '#server/follows/unfollow-account.ts'
import { cutCharacters } from '#server/platform/clean-text.ts'
import { type IdRequest, idAsked } from '#server/web/asked.ts'
import { setFlash } from '#server/web/flash.ts'
import { page } from '#server/web/page.ts'
import { cameFrom, redirectBack } from '#server/web/return-to.ts'
import { viewCards } from '#server/web/views/account-cards.ts'

type AccountRequest = FastifyRequest<IdRequest>
type Act = (ctx: Context, who: Person, input: { accountId: number }) => Promise<string>

/** A word carried over a redirect is short. */
const handleCharactersMax = 120

/** What the buttons beside a person do, and the word about it on the page they lead back to. */
const acts: Record<string, Act> = {
  follow: async (ctx, who, input) =>
    (await followAccount(ctx, who, input)).state === 'accepted' ? 'flash.followed' : 'flash.followRequested',
  unfollow: (ctx, who, input) => unfollowAccount(ctx, who, input).then(() => 'flash.unfollowed'),
  'hide-boosts': (ctx, who, input) => followAccount(ctx, who, { ...input, showBoosts: false }).then(() => 'flash.boostsHidden'),
  'show-boosts': (ctx, who, input) => followAccount(ctx, who, { ...input, showBoosts: true }).then(() => 'flash.boostsShown'),
  accept: (ctx, who, input) => acceptRequest(ctx, who, input).then(() => 'flash.requestAccepted'),
  reject: (ctx, who, input) => rejectRequest(ctx, who, input).then(() => 'flash.requestRejected'),
  'remove-follower': (ctx, who, input) => removeFollower(ctx, who, input).then(() => 'flash.followerRemoved'),
  block: (ctx, who, input) => blockAccount(ctx, who, input).then(() => 'flash.blocked'),
  unblock: (ctx, who, input) => unblockAccount(ctx, who, input).then(() => 'flash.unblocked'),
  mute: (ctx, who, input) => muteAccount(ctx, who, input).then(() => 'flash.muted'),
  unmute: (ctx, who, input) => unmuteAccount(ctx, who, input).then(() => 'flash.unmuted')
}

/** `/accounts/<id>/…`: follow, block, mute and their opposites. Blocking ends follows for good, so it asks first. */
export function accountActRoutes(app: FastifyInstance, ctx: Context): void {
  const config = { access: 'signed-in' } as const

  for (const [name, act] of Object.entries(acts)) {
    app.post(`/accounts/:id/${name}`, { config }, async (request: AccountRequest, reply) => {
      const account = await getTarget(ctx, request)
      const key = await act(ctx, request.who!, { accountId: account.id })
      setFlash(reply, 'good', key, { handle: cutCharacters(handleOf(account), handleCharactersMax) })
      return redirectBack(request, reply, { otherwise: `/${encodeURI(handleOf(account))}`, ...anchorIn(request, account) })
    })
  }

  app.get('/accounts/:id/block', { config }, async (request: AccountRequest, reply) =>
    showBlock(request, reply, await getTarget(ctx, request))
  )
}

/** A list leads back to the same person, a post to itself (its form names it). */
function anchorIn(request: FastifyRequest, account: Account): { anchor?: string } {
  return request.form.text('returnTo').includes('#') ? {} : { anchor: `account-${account.id}` }
}

async function showBlock(request: AccountRequest, reply: FastifyReply, account: Account): Promise<FastifyReply> {
  const { t } = request
  const handle = handleOf(account)
  const back = cameFrom(request) ?? `/${handle}`
  const [card] = await viewCards(request, [account], { buttonsOf: () => [] })
  const view = {
    heading: t('relation.blockHeading', { handle }),
    consequences: [t('relation.blockBoth'), ...(account.domain === null ? [] : [t('relation.blockFederated')]), t('relation.blockUndo')],
    path: `/accounts/${account.id}/block`,
    label: t('relation.blockSubmit'),
    isDangerous: true,
    cancelPath: back,
    hidden: [{ name: 'returnTo', value: back }],
    post: undefined,
    account: card
  }
  return page(reply, 'confirm', view, { title: view.heading, cache: 'none' })
}

async function getTarget(ctx: Context, request: AccountRequest): Promise<Account> {
  const account = await getAccount(ctx.db, idAsked(request))
  if (isInstanceActor(account)) throw new Refusal('missing', 'errors.missing')
  return account
}
