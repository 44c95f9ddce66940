const ofApps = /^(\/(?:api|oauth)\/[^?]*[^/?])\/+(?=\?|$)/

/** A request's target without the slash that some apps put behind every address of theirs; addresses of people and peers stay as they are. Pure. */
export function withoutTrailingSlash(target: string): string {
  return target.replace(ofApps, '$1')
}
