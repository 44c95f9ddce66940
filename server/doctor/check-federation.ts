import { findInstanceActor } from '#server/accounts/instance-actor.ts'
import type { Context } from '#server/context.ts'
import { askOurselves } from '#server/doctor/ask-ourselves.ts'
import { fail, type Finding, ok } from '#server/doctor/finding.ts'
import type { HttpResponse } from '#server/platform/http-client.ts'

const activityType = 'application/activity+json'

/**
 * What another server does first: WebFinger at every domain that our handles stand on, then the actor. A proxy that keeps
 * `/.well-known` for itself, or answers a page where a document was asked for, shows here.
 */
export async function checkFederation(ctx: Context): Promise<Finding[]> {
  const { config } = ctx
  const actor = await findInstanceActor(ctx.db)
  if (!actor) return fail('doctor.neverStarted', 'doctor.neverStartedRemedy')
  const findings: Finding[] = []
  for (const domain of new Set([config.handleDomain, config.host])) {
    const handle = `${actor.name}@${domain}`
    const url = `${config.isHttps ? 'https' : 'http'}://${domain}/.well-known/webfinger?resource=${encodeURIComponent(`acct:${handle}`)}`
    const answer = await askOurselves(ctx, url, 'application/jrd+json')
    if (Array.isArray(answer)) findings.push(...answer)
    else if (selfOf(answer) !== actor.uri) findings.push(...fail('doctor.webfingerOther', 'doctor.webfingerOtherRemedy', { url, domain }))
  }
  const answer = await askOurselves(ctx, actor.uri, activityType)
  if (Array.isArray(answer)) findings.push(...answer)
  else if (answer.contentType !== activityType) {
    findings.push(...fail('doctor.actorOther', 'doctor.actorOtherRemedy', { url: actor.uri, type: answer.contentType }))
  }
  if (findings.length > 0) return findings
  return [
    ...ok('doctor.federationOk', { domain: config.handleDomain }),
    ...ok('doctor.authorizedFetch', { mode: config.federation.authorizedFetch })
  ]
}

/** The actor that a WebFinger answer names; undefined when it names none or is no such answer. */
function selfOf(answer: HttpResponse): string | undefined {
  try {
    const { links } = answer.json() as { links?: { rel?: string; href?: string }[] }
    return links?.find((link) => link.rel === 'self')?.href
  } catch {
    return undefined // Something else answers there, and that is the finding.
  }
}
