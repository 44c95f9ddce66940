import type { FastifyRequest } from 'fastify'
import { profilePicturesOf } from '#server/accounts/avatars.ts'
import { findAccountByUri } from '#server/accounts/find-account.ts'
import { handleOf } from '#server/accounts/handle-of.ts'
import { isHidden } from '#server/accounts/shown-account.ts'
import { type Account, hasRole } from '#server/accounts/who.ts'
import { emojiBook } from '#server/emoji/emoji-book.ts'
import { findCommunityBan } from '#server/follows/community-bans.ts'
import { hidesServerOf } from '#server/follows/find-follow.ts'
import { followersYouKnow } from '#server/follows/known-followers.ts'
import type { Relation } from '#server/follows/relations.ts'
import { featuredTagsOf } from '#server/profiles/featured-tags.ts'
import { withMe } from '#server/profiles/me-links.ts'
import { findNote, noteCharactersMax } from '#server/profiles/notes.ts'
import { findRole } from '#server/sign-in/staff.ts'
import { Typed } from '#server/web/typed.ts'
import type { ProfileView } from '#server/web/views/account-view.ts'
import type { LinkView } from '#server/web/views/form-view.ts'
import { mainButton, moreItems, relationBadges } from '#server/web/views/relation-view.ts'
import { emojiHtml, emojiText } from '#server/web/views/show-emoji.ts'
import { toAccountView, viewAccounts } from '#server/web/views/view-accounts.ts'
import { viewTime } from '#server/web/views/view-time.ts'

/** Of those whom the reader follows and who follow an account: faces shown, and names said. */
const knownFacesMax = 6
const knownNamesMax = 2

/** The head of a profile for whoever looks: what may be done with it is decided here. */
export async function viewProfile(
  request: FastifyRequest,
  account: Account,
  relation: Relation,
  typedNote = new Typed()
): Promise<ProfileView> {
  const { t, who, server } = request
  const { ctx } = server
  const { avatarKey, headerKey } = await profilePicturesOf(ctx.db, account)
  const book = await emojiBook(ctx)
  const isSelf = who?.account.id === account.id
  const mayAct = who !== undefined && !isSelf
  const note = mayAct ? await findNote(ctx.db, who.account.id, account.id) : ''
  const movedLink = account.movedToUri === null ? undefined : await movedTo(request, account.movedToUri)
  const blocked = blockNotice(request, relation)
  const hidden = mayAct && !blocked ? await hiddenNotice(request, account) : undefined
  return {
    account: toAccountView(account, avatarKey, book),
    headerUrl: headerKey && `/media/${headerKey}`,
    noteHtml: emojiHtml(account.bioHtml, account.emojis, book),
    fields: account.fields.map(({ name, valueHtml, verifiedAt }) => ({
      nameHtml: emojiText(name, account.emojis, book),
      valueHtml: emojiHtml(account.domain === null ? withMe(valueHtml) : valueHtml, account.emojis, book),
      isVerified: verifiedAt !== undefined
    })),
    joined: viewTime(request, account.createdAt),
    counts: countsOf(request, account, relation),
    remoteUrl: account.domain === null ? undefined : webUrl(account.url ?? account.uri),
    badges: await badgesOf(request, account, relation),
    mainButton: mayAct ? mainButton(account, relation, t) : undefined,
    moreItems: mayAct ? moreItems(account, relation, hasRole(who, 'moderator'), t) : [],
    tags: (await featuredTagsOf(ctx.db, account.id)).map((tag) => ({ path: `/${handleOf(account)}/tagged/${tag}`, label: `#${tag}` })),
    known: mayAct ? await viewKnown(request, who.account.id, account) : undefined,
    note: mayAct
      ? {
          path: `/accounts/${account.id}/note`,
          input: typedNote.input('note', note),
          charactersMax: noteCharactersMax,
          isOpen: typedNote.isSent
        }
      : undefined,
    editPath: isSelf ? '/settings/profile' : undefined,
    notice: movedLink ? t('profile.movedNotice') : (blocked ?? hidden?.text ?? (await banNotice(request, account))),
    noticeLink: movedLink ?? hidden?.link
  }
}

async function viewKnown(request: FastifyRequest, me: number, account: Account): Promise<ProfileView['known']> {
  const { ctx } = request.server
  const { accounts, count } = await followersYouKnow(ctx.db, me, account.id, knownFacesMax)
  if (count === 0) return undefined
  const faces = await viewAccounts(ctx, accounts)
  const said = faces.slice(0, knownNamesMax).map(({ name }) => name)
  const names = new Intl.ListFormat(request.t.language, { type: 'conjunction' }).format(said)
  return { faces, text: request.t('profile.known', { names, others: count - said.length }) }
}

/** What a peer's account counts we do not know: only the posts that came here are counted, and its lists stay its own. */
function countsOf({ t }: FastifyRequest, account: Account, relation: Relation): ProfileView['counts'] {
  if (account.domain !== null) return [{ text: t('profile.postsKnown', { count: account.postsCount }), path: undefined }]
  const path = `/${handleOf(account)}`
  const listPath = (side: string) => (relation.isBlockedBy ? undefined : `${path}/${side}`)
  return [
    { text: t('profile.posts', { count: account.postsCount }), path: undefined },
    { text: t('profile.following', { count: account.followingCount }), path: listPath('following') },
    { text: t('profile.followers', { count: account.followersCount }), path: listPath('followers') }
  ]
}

async function badgesOf({ t, server }: FastifyRequest, account: Account, relation: Relation): Promise<string[]> {
  const role = account.domain === null ? await findRole(server.ctx.db, account.id) : 'person'
  return [
    ...(role === 'person' ? [] : [t(`role.${role}`)]),
    ...(account.isMemorial ? [t('profile.memorial')] : []),
    ...(account.isLocked ? [t('relation.badgeLocked')] : []),
    ...relationBadges(relation, t)
  ]
}

function blockNotice({ t }: FastifyRequest, relation: Relation): string | undefined {
  if (relation.isBlocking) return t('profile.blockingNotice')
  return relation.isBlockedBy ? t('profile.blockedByNotice') : undefined
}

/** Whoever hid a server sees what is there when they look for it, and why they see it nowhere else. */
async function hiddenNotice({ t, who, server }: FastifyRequest, account: Account): Promise<{ text: string; link: LinkView } | undefined> {
  const { domain } = account
  if (!who || domain === null || !(await hidesServerOf(server.ctx.db, who.account.id, account.id))) return undefined
  return { text: t('servers.hiddenNotice', { domain }), link: { path: '/settings/servers', label: t('servers.change') } }
}

/** A community may keep out who looks: they learn until when, and why. */
async function banNotice(request: FastifyRequest, account: Account): Promise<string | undefined> {
  const { t, who, server } = request
  if (!who || account.type !== 'Group') return undefined
  const ban = await findCommunityBan(server.ctx.db, account.id, who.account.id, server.ctx.clock.now())
  if (!ban) return undefined
  const reason = ban.reason || 'none'
  return ban.expiresAt === null
    ? t('profile.banned', { reason })
    : t('profile.bannedUntil', { reason, end: viewTime(request, ban.expiresAt).text })
}

/** The page of the new account here; those signed in may have it looked up, others are led to its own server. Undefined when it is no address of the web. */
async function movedTo({ who, server }: FastifyRequest, uri: string): Promise<LinkView | undefined> {
  const target = await findAccountByUri(server.ctx.db, uri)
  if (target && !isHidden(target)) return { path: `/${handleOf(target)}`, label: handleOf(target) }
  const url = webUrl(uri)
  return url === undefined ? undefined : { path: who ? `/search?q=${encodeURIComponent(uri)}` : url, label: uri }
}

/** An address that a browser may be led to; undefined for `javascript:` and whatever else is not of the web. */
function webUrl(text: string): string | undefined {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined
}
