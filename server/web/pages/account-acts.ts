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
import { cameFrom, redirectBack, safePath } from '#server/web/return-to.ts'
import { blank, submitted, type Typed } from '#server/web/typed.ts'
import { spanChosen, spanOptions, spanText } from '#server/web/views/span-view.ts'
import { viewCards } from '#server/web/views/account-cards.ts'

type AccountRequest = FastifyRequest<IdRequest>
type Act = (ctx: Context, who: Person, input: { accountId: number }) => Promise<string>

/** A word carried over a redirect is short. */
const handleCharactersMax = 120

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const muteSpansMs = [null, hourMs, dayMs, 7 * dayMs, 30 * dayMs] as const

/** What the buttons beside a person do, and the word about it on the page they lead back to. */
const acts: Record<string, Act> = {
  follow: async (ctx, who, input) =>
    (await followAccount(ctx, who, input)).state === 'accepted' ? 'flash.followed' : 'flash.followRequested',
  unfollow: (ctx, who, input) => unfollowAccount(ctx, who, input).then(() => 'flash.unfollowed'),
  'hide-boosts': (ctx, who, input) => followAccount(ctx, who, { ...input, showBoosts: false }).then(() => 'flash.boostsHidden'),
  'show-boosts': (ctx, who, input) => followAccount(ctx, who, { ...input, showBoosts: true }).then(() => 'flash.boostsShown'),
  'hide-replies': (ctx, who, input) => followAccount(ctx, who, { ...input, showReplies: false }).then(() => 'flash.repliesHidden'),
  'show-replies': (ctx, who, input) => followAccount(ctx, who, { ...input, showReplies: true }).then(() => 'flash.repliesShown'),
  notify: (ctx, who, input) => followAccount(ctx, who, { ...input, notifies: true }).then(() => 'flash.notifyOn'),
  unnotify: (ctx, who, input) => followAccount(ctx, who, { ...input, notifies: false }).then(() => 'flash.notifyOff'),
  accept: (ctx, who, input) => acceptRequest(ctx, who, input).then(() => 'flash.requestAccepted'),
  reject: (ctx, who, input) => rejectRequest(ctx, who, input).then(() => 'flash.requestRejected'),
  'remove-follower': (ctx, who, input) => removeFollower(ctx, who, input).then(() => 'flash.followerRemoved'),
  block: (ctx, who, input) => blockAccount(ctx, who, input).then(() => 'flash.blocked'),
  unblock: (ctx, who, input) => unblockAccount(ctx, who, input).then(() => 'flash.unblocked'),
  unmute: (ctx, who, input) => unmuteAccount(ctx, who, input).then(() => 'flash.unmuted')
}

/** `/accounts/<id>/…`: follow, block, mute and their opposites. Blocking and hiding a server end follows for good, so they ask first; muting asks for how long. */
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

  const showForm = (request: FastifyRequest, reply: FastifyReply, typed: Typed) => showMute(ctx, request as AccountRequest, reply, typed)
  app.get('/accounts/:id/mute', { config }, blank(showForm))
  app.post(
    '/accounts/:id/mute',
    { config },
    submitted(showForm, async (request, reply, form) => {
      const account = await getTarget(ctx, request as AccountRequest)
      const handle = cutCharacters(handleOf(account), handleCharactersMax)
      const durationMs = spanChosen(form.text('duration') || 'never', muteSpansMs)
      if (durationMs === undefined) throw new Refusal('invalid', 'form.invalid', {}, 'duration')
      // A button without the form mutes all there is.
      const hidesNotifications = !form.has('chosen') || form.has('hidesNotifications')
      const span = durationMs === null ? {} : { durationMs }
      await muteAccount(ctx, request.who!, { accountId: account.id, hidesNotifications, ...span })
      if (durationMs === null) setFlash(reply, 'good', 'flash.muted', { handle })
      else setFlash(reply, 'good', 'flash.mutedFor', { handle, span: spanText(request.t, durationMs) })
      return redirectBack(request, reply, { otherwise: `/${encodeURI(handleOf(account))}`, ...anchorIn(request, account) })
    })
  )

  app.get('/accounts/:id/hide-server', { config }, async (request: AccountRequest, reply) =>
    showHideServer(request, reply, await getTarget(ctx, request))
  )

  app.get('/accounts/:id/block', { config }, async (request: AccountRequest, reply) =>
    showBlock(request, reply, await getTarget(ctx, request))
  )
}

/** A list leads back to the same person, a post to itself (its form names it). */
function anchorIn(request: FastifyRequest, account: Account): { anchor?: string } {
  return request.form.text('returnTo').includes('#') ? {} : { anchor: `account-${account.id}` }
}

async function showMute(ctx: Context, request: AccountRequest, reply: FastifyReply, typed: Typed): Promise<FastifyReply> {
  const { t } = request
  const account = await getTarget(ctx, request)
  const handle = handleOf(account)
  const view = {
    heading: t('mute.heading', { handle }),
    path: `/accounts/${account.id}/mute`,
    error: typed.error,
    returnTo: safePath(typed.form.text('returnTo')) ?? cameFrom(request) ?? `/${handle}`,
    duration: typed.choice('duration', spanOptions(t, muteSpansMs, 'mute.forever'), 'never'),
    hidesNotifications: typed.check('hidesNotifications', true)
  }
  return page(reply, 'mute', view, { title: view.heading, status: typed.status, cache: 'none' })
}

/** Hiding a server ends follows for good, so it asks first. Of our own there is nothing to hide. */
async function showHideServer(request: AccountRequest, reply: FastifyReply, account: Account): Promise<FastifyReply> {
  const { t } = request
  const { domain } = account
  if (domain === null) throw new Refusal('missing', 'errors.missing')
  const back = cameFrom(request) ?? `/${handleOf(account)}`
  const view = {
    heading: t('servers.hideHeading', { domain }),
    consequences: [t('servers.hideConsequence'), t('servers.hideFollows'), t('servers.hideUndo')],
    path: '/settings/servers',
    label: t('servers.hideSubmit'),
    isDangerous: true,
    cancelPath: back,
    hidden: [
      { name: 'returnTo', value: back },
      { name: 'domain', value: domain }
    ],
    quoted: undefined,
    post: undefined,
    account: undefined
  }
  return page(reply, 'confirm', view, { title: view.heading, cache: 'none' })
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
    quoted: undefined,
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
