/** Time zones that people choose from, UTC first. */
export const timeZones: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]

/** Whether times can be shown in a zone of this name (IANA, aliases included). */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    // Intl says no by throwing.
    return false
  }
}
