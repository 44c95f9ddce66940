import type { ProfileField } from '#db/schema/accounts.ts'

/** What was verified stays so for fields that read as before. */
export function keepVerified(before: readonly ProfileField[], now: readonly ProfileField[]): ProfileField[] {
  const known = new Map(before.map((field) => [field.valueHtml, field.verifiedAt]))
  return now.map(({ name, valueHtml }) => {
    const verifiedAt = known.get(valueHtml)
    return verifiedAt === undefined ? { name, valueHtml } : { name, valueHtml, verifiedAt }
  })
}
