import { handleOf } from '#server/accounts/handle-of.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Relation } from '#server/follows/relations.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { ButtonView, LinkView } from '#server/web/views/form-view.ts'

type Act = 'follow' | 'request' | 'followBack' | 'unfollow' | 'cancel' | 'unblock' | 'unmute' | 'accept' | 'reject'

/** Where each act is posted: `/accounts/<id>/<this>`. */
const pathOf: Record<Act, string> = {
  follow: 'follow',
  request: 'follow',
  followBack: 'follow',
  unfollow: 'unfollow',
  cancel: 'unfollow',
  unblock: 'unblock',
  unmute: 'unmute',
  accept: 'accept',
  reject: 'reject'
}
const primary = new Set<Act>(['follow', 'request', 'followBack', 'accept'])

/** A button that changes how the viewer stands to an account; its accessible name says to whom. */
export function relationButton(act: Act, account: Account, t: Translate): ButtonView {
  return {
    path: `/accounts/${account.id}/${pathOf[act]}`,
    label: t(`relation.${act}`),
    name: t(`relation.${act}Name`, { handle: handleOf(account) }),
    tone: primary.has(act) ? 'primary' : 'plain'
  }
}

/** The act that is usually meant: follow or its opposite; unblock first. Undefined where neither is possible. */
export function mainButton(account: Account, relation: Relation, t: Translate): ButtonView | undefined {
  if (relation.isBlocking) return relationButton('unblock', account, t)
  if (relation.following === 'accepted') return relationButton('unfollow', account, t)
  if (relation.following === 'pending') return relationButton('cancel', account, t)
  if (relation.isBlockedBy || account.movedToUri !== null) return undefined
  return relationButton(account.isLocked ? 'request' : 'follow', account, t)
}

/** The other acts that can be undone, behind "More". */
export function moreButtons(account: Account, relation: Relation, t: Translate): ButtonView[] {
  const handle = handleOf(account)
  const button = (path: string, key: string): ButtonView => ({
    path: `/accounts/${account.id}/${path}`,
    label: t(key, { handle }),
    name: undefined,
    tone: 'plain'
  })
  return [
    ...(relation.followedBy === 'pending' ? [button('accept', 'relation.acceptHandle'), button('reject', 'relation.rejectHandle')] : []),
    ...(relation.following === 'accepted'
      ? [relation.showsBoosts ? button('hide-boosts', 'relation.hideBoosts') : button('show-boosts', 'relation.showBoosts')]
      : []),
    relation.isMuting ? button('unmute', 'relation.unmuteHandle') : button('mute', 'account.muteHandle'),
    ...(relation.followedBy === 'accepted' ? [button('remove-follower', 'relation.removeHandle')] : [])
  ]
}

/** What asks first, or leads elsewhere. */
export function moreLinks(account: Account, relation: Relation, isModerator: boolean, t: Translate): LinkView[] {
  const handle = handleOf(account)
  return [
    ...(relation.isBlocking ? [] : [{ path: `/accounts/${account.id}/block`, label: t('account.blockHandle', { handle }) }]),
    { path: `/accounts/${account.id}/report`, label: t('relation.reportHandle', { handle }) },
    ...(isModerator ? [{ path: `/admin/accounts/${account.id}`, label: t('account.moderateHandle', { handle }) }] : [])
  ]
}

/** How the viewer and an account stand to each other, in words. */
export function relationBadges(relation: Relation, t: Translate): string[] {
  return [
    ...(relation.followedBy === 'accepted' ? [t('relation.badgeFollowsYou')] : []),
    ...(relation.followedBy === 'pending' ? [t('relation.badgeAsksYou')] : []),
    ...(relation.following === 'pending' ? [t('relation.badgeRequested')] : []),
    ...(relation.isMuting ? [t('relation.badgeMuted')] : []),
    ...(relation.isBlocking ? [t('relation.badgeBlocked')] : [])
  ]
}
