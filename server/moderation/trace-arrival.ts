import { eq } from 'drizzle-orm'
import { deliveries } from '#db/schema/peers.ts'
import { findAccount, findAccountByHandle } from '#server/accounts/find-account.ts'
import { type Account, requireRole, type Who } from '#server/accounts/who.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import type { Context } from '#server/context.ts'
import { relationsOf } from '#server/follows/relations.ts'
import { firstContact, isStranger, strangersSince } from '#server/peers/first-contact.ts'
import { findPeer } from '#server/peers/list-peers.ts'
import { listRefusals } from '#server/peers/refusals.ts'
import { countReach, findReach } from '#server/peers/reach.ts'
import { hostOf, normalizeHost } from '#server/platform/host-names.ts'
import { findPost, findPostByUri, isVisible, type PostRow } from '#server/posts/find-post.ts'

/** The parts of the way, in their order. */
export type TracePart = 'rule' | 'signature' | 'webfinger' | 'fetch' | 'audience' | 'delivery'

/** One thing that was looked at: what was found (a message key with values), and whether it stands in the way. */
export interface TraceStep {
  part: TracePart
  key: string
  values: Record<string, string | number>
  tone: 'good' | 'bad' | 'plain'
  /** Why, in the words of the other side or of the network. */
  error?: string | undefined
}

const refusalsShown = 5

/**
 * Why something did not arrive: an address or handle is followed along the whole way, from our limits to its own server and back to who was to
 * see it. `person` says for whom: somebody of ours (what came in), or somebody or a server elsewhere (what went out). The origin is asked anew.
 */
export async function traceArrival(ctx: Context, who: Who, { input, person }: { input: string; person: string }): Promise<TraceStep[]> {
  requireRole(who, 'moderator')
  const steps: TraceStep[] = []
  const add = (part: TracePart, tone: TraceStep['tone'], key: string, values: TraceStep['values'] = {}, error?: string) =>
    steps.push({ part, key, values, tone, error })
  const text = input.trim()
  const host = hostMeant(text)
  if (host === undefined) {
    add('fetch', 'bad', 'trace.unreadable')
    return steps
  }
  const isOurs = host === ctx.config.host || host === ctx.config.handleDomain
  if (!isOurs) await traceServer(ctx, host, add)
  const before = /^https?:/i.test(text) ? await findPostByUri(ctx.db, text) : undefined
  const found = await ctx.fediverse.resolve(text, {
    isForced: true,
    onStep: ({ key, values, isOk, error }) =>
      add(key === 'resolve.webfinger' ? 'webfinger' : 'fetch', isOk ? 'good' : 'bad', key, values, error)
  })
  if (found.kind === 'nothing') {
    add('fetch', 'bad', 'trace.nothing')
    return steps
  }
  if (found.kind === 'account') {
    const account = await findAccount(ctx.db, found.accountId)
    if (account) await traceAccount(ctx, account, person, add)
    return steps
  }
  const viewerId = who.kind === 'account' ? who.account.id : undefined
  const post = await findPost(ctx.db, viewerId, found.postId)
  const author = post && (await findAccount(ctx.db, post.authorId))
  // What it says is for others; that it is here may be said.
  if (!post || !author) add('audience', 'plain', 'trace.notForYou')
  else if (post.isLocal) await traceOutgoing(ctx, post, person, add)
  else await traceIncoming(ctx, { post, author, isNew: before === undefined }, person, add)
  return steps
}

type Add = (part: TracePart, tone: TraceStep['tone'], key: string, values?: TraceStep['values'], error?: string) => void

function hostMeant(text: string): string | undefined {
  if (/^https?:\/\//i.test(text)) return hostOf(text)
  const domain = /^(?:acct:|@)?[^\s@]+@([^\s@]+)$/i.exec(text)?.[1]
  return domain === undefined ? undefined : normalizeHost(domain)
}

/** What is held against a server, how it fares, and what was refused in its name. */
async function traceServer(ctx: Context, host: string, add: Add): Promise<void> {
  const limit = await ctx.limits.of(host)
  add('rule', limit === 'suspend' ? 'bad' : limit ? 'plain' : 'good', limit ? `trace.limit-${limit}` : 'trace.noLimit', { host })
  const peer = await findPeer(ctx.db, host)
  if (!peer) add('rule', 'plain', 'trace.neverMet', { host })
  else if (peer.heldUntil !== null && peer.heldUntil > ctx.clock.now())
    add('delivery', 'bad', 'trace.held', { host }, peer.lastError ?? undefined)
  else if (peer.failingSince !== null) add('delivery', 'plain', 'trace.failing', { host }, peer.lastError ?? undefined)
  const { mode } = await firstContact(ctx)
  if (mode !== 'off' && (await isStranger(ctx.db, host, await strangersSince(ctx))))
    add('rule', 'plain', `trace.stranger-${mode}`, { host })
  const refusals = await listRefusals(ctx.db, host, refusalsShown)
  for (const { why, status, count, actorUri } of refusals) add('signature', 'bad', 'trace.refused', { status, count, actor: actorUri }, why)
  if (refusals.length === 0) add('signature', 'good', 'trace.noRefusals', { host })
}

async function traceAccount(ctx: Context, account: Account, person: string, add: Add): Promise<void> {
  const handle = handleOf(account)
  if (account.deletedAt !== null) add('rule', 'bad', 'trace.accountGone', { handle })
  if (account.suspendedAt !== null)
    add('rule', 'bad', account.suspendedBy === 'origin' ? 'trace.suspendedThere' : 'trace.suspendedHere', { handle })
  if (account.silencedAt !== null) add('rule', 'plain', 'trace.silenced', { handle })
  if (account.movedToUri !== null) add('rule', 'plain', 'trace.moved', { handle, address: account.movedToUri })
  if (account.domain !== null && !account.inboxUrl) add('delivery', 'bad', 'trace.noInbox', { handle })
  const { ours, isFollowing } = await traceRelation(ctx, account, person, add)
  if (ours || account.domain === null) return
  if (!isFollowing)
    add('audience', account.followersCount > 0 ? 'good' : 'plain', 'trace.followersHere', { handle, count: account.followersCount })
}

/** A post from elsewhere: whether its server had a reason to send it, and whether the person meant is shown it. */
async function traceIncoming(
  ctx: Context,
  { post, author, isNew }: { post: PostRow; author: Account; isNew: boolean },
  person: string,
  add: Add
): Promise<void> {
  add('fetch', isNew ? 'plain' : 'good', isNew ? 'trace.fetchedNow' : 'trace.wasHere')
  add('audience', 'plain', `trace.visibility-${post.visibility}`)
  await traceAccount(ctx, author, '', add)
  const { ours } = await traceRelation(ctx, author, person, add)
  if (!ours) return
  const isShown = await isVisible(ctx.db, ours.id, post.id)
  add('audience', isShown ? 'good' : 'bad', isShown ? 'trace.mayRead' : 'trace.mayNotRead', { handle: handleOf(ours) })
}

/** A post of ours: how far it came, and whether it went to the server meant. */
async function traceOutgoing(ctx: Context, post: PostRow, person: string, add: Add): Promise<void> {
  add('audience', 'plain', `trace.visibility-${post.visibility}`)
  const { arrived, waiting, failed } = await countReach(ctx.db, post)
  add('delivery', failed > 0 ? 'bad' : 'plain', 'trace.reach', { arrived, waiting, failed })
  const theirs = person === '' ? undefined : await findAccountByHandle(ctx.db, person, ctx.config)
  const host = theirs?.host ?? normalizeHost(person.split('@').at(-1) ?? '')
  if (person === '' || host === undefined) return
  await traceServer(ctx, host, add)
  const went = (await findReach(ctx.db, post.id)).some((inbox) => inbox.host === host || hostOf(inbox.url) === host)
  if (!went) {
    add('delivery', 'bad', 'trace.notSentThere', { host })
    return
  }
  const open = await ctx.db.select().from(deliveries).where(eq(deliveries.host, host)).limit(1)
  const [first] = open
  if (!first) add('delivery', 'good', 'trace.sentThere', { host })
  else
    add(
      'delivery',
      first.deadAt === null ? 'plain' : 'bad',
      first.deadAt === null ? 'trace.waitsThere' : 'trace.gaveUpThere',
      { host, tries: first.attempts },
      first.lastError ?? undefined
    )
}

/** What is between an account and the person of ours who is meant. */
async function traceRelation(
  ctx: Context,
  account: Account,
  person: string,
  add: Add
): Promise<{ ours: Account | undefined; isFollowing: boolean }> {
  const found = person === '' ? undefined : await findAccountByHandle(ctx.db, person, ctx.config)
  const ours = found?.domain === null ? found : undefined
  if (person !== '' && !ours) add('audience', 'bad', 'trace.nobodyHere', { handle: person })
  if (!ours) return { ours, isFollowing: false }
  const relation = (await relationsOf(ctx.db, ours.id, [account.id], ctx.clock.now())).get(account.id)
  const names = { handle: handleOf(ours), other: handleOf(account) }
  // Which of the two, and how, is theirs to know.
  if (relation?.isBlocking || relation?.isBlockedBy || relation?.isMuting) add('audience', 'bad', 'trace.keptAway', names)
  const state = relation?.following ?? 'none'
  add('audience', state === 'accepted' ? 'good' : 'plain', `trace.follows-${state}`, names)
  return { ours, isFollowing: state === 'accepted' }
}
