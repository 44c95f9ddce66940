import { handleOf } from '#server/accounts/handle-of.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Relation } from '#server/follows/relations.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { ButtonView } from '#server/web/views/form-view.ts'
import { act, link, type MenuItemView } from '#server/web/views/menu-view.ts'

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

/** What else can be done, behind "More": what can be undone at once, then what asks first or leads elsewhere. */
export function moreItems(account: Account, relation: Relation, isModerator: boolean, t: Translate): MenuItemView[] {
  const handle = handleOf(account)
  const at = `/accounts/${account.id}`
  return [
    ...(relation.followedBy === 'pending'
      ? [act(t('relation.acceptHandle', { handle }), `${at}/accept`), act(t('relation.rejectHandle', { handle }), `${at}/reject`)]
      : []),
    ...(relation.following === 'accepted'
      ? [
          relation.showsBoosts
            ? act(t('relation.hideBoosts', { handle }), `${at}/hide-boosts`)
            : act(t('relation.showBoosts', { handle }), `${at}/show-boosts`),
          relation.showsReplies
            ? act(t('relation.hideReplies', { handle }), `${at}/hide-replies`)
            : act(t('relation.showReplies', { handle }), `${at}/show-replies`),
          link(t('relation.lists', { handle }), `${at}/lists`)
        ]
      : []),
    ...(relation.following === 'accepted'
      ? [
          relation.notifies
            ? act(t('relation.unnotify', { handle }), `${at}/unnotify`)
            : act(t('relation.notify', { handle }), `${at}/notify`)
        ]
      : []),
    relation.isMuting ? act(t('relation.unmuteHandle', { handle }), `${at}/unmute`) : link(t('mute.act', { handle }), `${at}/mute`),
    ...(relation.followedBy === 'accepted' ? [act(t('relation.removeHandle', { handle }), `${at}/remove-follower`)] : []),
    ...(relation.isBlocking ? [] : [link(t('account.blockHandle', { handle }), `${at}/block`)]),
    ...(account.domain === null ? [] : [link(t('servers.hideAct', { domain: account.domain }), `${at}/hide-server`)]),
    link(t('relation.reportHandle', { handle }), `${at}/report`),
    ...(isModerator ? [link(t('account.moderateHandle', { handle }), `/admin/accounts/${account.id}`)] : [])
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
