/** Address of the authorization that one of ours gave: below the post that it is about. Pure. */
export function authorizationOf(targetUri: string, interactionId: number): string {
  return `${targetUri}/authorizations/${interactionId}`
}

/** Id of the request for an act of one of ours; the number keeps one that was taken back and asked again apart. Pure. */
export function requestOf(objectUri: string, interactionId: number): string {
  return `${objectUri}${objectUri.includes('#') ? '-' : '#'}request-${interactionId}`
}
