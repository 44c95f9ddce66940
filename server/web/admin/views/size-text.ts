import type { Translate } from '#server/platform/messages.ts'

const kB = 1_000
const MB = 1_000_000
const GB = 1_000 * MB

/** A size as people read it: whole kilobytes or megabytes, from a gigabyte on with one decimal. */
export function sizeText(t: Translate, bytes: number): string {
  if (bytes < MB) return t('admin.kilobytes', { count: Math.ceil(bytes / kB) })
  return bytes < GB
    ? t('admin.megabytes', { count: Math.ceil(bytes / MB) })
    : t('admin.gigabytes', { count: Math.round((10 * bytes) / GB) / 10 })
}
