import type { Translate } from '#server/platform/messages.ts'

const MB = 1_000_000
const GB = 1_000 * MB

/** A size as people read it: whole megabytes, from a gigabyte on with one decimal. */
export function sizeText(t: Translate, bytes: number): string {
  return bytes < GB
    ? t('admin.megabytes', { count: Math.ceil(bytes / MB) })
    : t('admin.gigabytes', { count: Math.round((10 * bytes) / GB) / 10 })
}
