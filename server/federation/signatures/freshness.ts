import { isWithinWindow, readHttpDate } from '#server/federation/gate/date-window.ts'
import { SignatureFault } from '#server/federation/signatures/claim.ts'

/** Times in ms since 1970. Throws SignatureFault unless a Date header is an HTTP date within 12 hours of now; returns it. */
export function checkDate(header: string, now: number): number {
  const at = readHttpDate(header)
  if (at === undefined) throw new SignatureFault('The Date header is no HTTP date.')
  return checkMoment(at, now)
}

/** The same of a moment that stands in the signature itself. */
export function checkMoment(at: number, now: number): number {
  if (!Number.isFinite(at)) throw new SignatureFault('The signature does not say when it was made.')
  if (!isWithinWindow(at, now)) throw new SignatureFault('The signature is more than 12 hours away from our clock.')
  return at
}

/** A signer that names an end means it. */
export function checkExpiry(at: number, now: number): void {
  if (!(at >= now)) throw new SignatureFault('The signature has expired.')
}
