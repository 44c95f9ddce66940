/** Address of the authorization that one of ours gave: below the post that it is about. Pure. */
export function authorizationOf(targetUri: string, interactionId: number): string {
  return `${targetUri}/authorizations/${interactionId}`
}

/** The interaction that an address of an authorization of ours names; undefined when it is none below that post. Pure. */
export function interactionIdOf(targetUri: string, authorizationUri: string): number | undefined {
  const start = `${targetUri}/authorizations/`
  const end = authorizationUri.startsWith(start) ? authorizationUri.slice(start.length) : ''
  return /^\d{1,16}$/.test(end) ? Number(end) : undefined
}
