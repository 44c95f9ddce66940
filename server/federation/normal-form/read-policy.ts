import { idsOrPublic } from '#server/federation/normal-form/read-activity.ts'
import { isRecord, type Json, listOf } from '#server/federation/normal-form/values.ts'
import type { NormalPolicies, NormalPolicy } from '#server/federation/normal-form/types.ts'

/**
 * The `interactionPolicy` of GoToSocial and FEP-044f: `automaticApproval` and `manualApproval`, or the older `always` and `approvalRequired`; where both
 * stand the new ones count. A policy that is absent, null or empty is not there. Undefined when there is none at all.
 */
export function readPolicies(json: Json): NormalPolicies | undefined {
  const [said] = listOf(json.interactionPolicy).filter(isRecord)
  if (!said) return undefined
  return {
    canQuote: readPolicy(said.canQuote),
    canReply: readPolicy(said.canReply),
    canLike: readPolicy(said.canLike),
    canAnnounce: readPolicy(said.canAnnounce)
  }
}

function readPolicy(value: unknown): NormalPolicy | undefined {
  const [said] = listOf(value).filter(isRecord)
  if (!said) return undefined
  const isNew = said.automaticApproval !== undefined || said.manualApproval !== undefined
  const isOld = !isNew && (said.always !== undefined || said.approvalRequired !== undefined)
  if (!isNew && !isOld) return undefined
  return {
    automatic: idsOrPublic(isNew ? said.automaticApproval : said.always),
    manual: idsOrPublic(isNew ? said.manualApproval : said.approvalRequired),
    isOld
  }
}
