/** A preview is at most so wide, and so high: a tall strip is not to fill the timeline. */
export const previewWidthMax = 640
export const previewHeightMax = 1_280

/** Pixels of the preview of a picture, whole numbers of at least 1; smaller pictures keep their size. */
export function previewSizeOf({ width, height }: { width: number; height: number }): { width: number; height: number } {
  const scale = Math.min(1, previewWidthMax / width, previewHeightMax / height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
