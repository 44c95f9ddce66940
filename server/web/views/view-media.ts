import { type FocusPlace, placeOf } from '#server/media/focus-grid.ts'
import type { MediaRow } from '#server/posts/load-posts.ts'
import type { MediaView } from '#server/web/views/post-view.ts'

/** How a picture stands in its post: what of it shows where it is cropped, and what stands in its place until it is there or asked for. */
export function lookOf(row: MediaRow, total: number): Pick<MediaView, 'isCropped' | 'focus' | 'behindUrl' | 'veilUrl'> {
  const tinyUrl = `/media/${row.key}/tiny`
  // Behind a picture that may be see-through the tiny one would stay; one that is not here yet is fetched for itself.
  const mayStandBehind = row.fileHash !== null && row.mime === 'image/jpeg'
  return { isCropped: total > 1, focus: focusClass(placeOf(row)), behindUrl: mayStandBehind ? tinyUrl : undefined, veilUrl: tinyUrl }
}

function focusClass(place: FocusPlace): string {
  return `focus-${place}`
}
