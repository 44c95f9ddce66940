import { handleOf } from '#server/accounts/handle-of.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { ButtonView } from '#server/web/views/form-view.ts'

/** Approve and Refuse of one request. */
export function approvalButtons(t: Translate, interactionId: number, from: Parameters<typeof handleOf>[0]): ButtonView[] {
  const handle = handleOf(from)
  const at = `/approvals/${interactionId}`
  return [
    { path: `${at}/approve`, label: t('approvals.approve'), name: t('approvals.approveName', { handle }), tone: 'primary' },
    { path: `${at}/refuse`, label: t('approvals.refuse'), name: t('approvals.refuseName', { handle }), tone: 'plain' }
  ]
}
