import type { Focus } from '#server/media/media-alt.ts'

/** Nine places of a picture, row by row: what a person chooses from, and what a page can show without a style of its own. */
export const focusPlaces = ['top-left', 'top', 'top-right', 'left', 'centre', 'right', 'bottom-left', 'bottom', 'bottom-right'] as const

export type FocusPlace = (typeof focusPlaces)[number]

/** From this far out (hundredths of the way to the edge) a point belongs to an outer third. */
const outerFrom = 34

/** The place a point lies in, as kept (hundredths, right and up are positive). Pure. */
export function placeOf({ focusX, focusY }: { focusX: number; focusY: number }): FocusPlace {
  const column = focusX <= -outerFrom ? 0 : focusX >= outerFrom ? 2 : 1
  const row = focusY >= outerFrom ? 0 : focusY <= -outerFrom ? 2 : 1
  return focusPlaces[row * 3 + column] ?? 'centre'
}

/** The point a place stands for: an outer one lies on the edge. Pure. */
export function pointOf(place: FocusPlace): Focus {
  const at = focusPlaces.indexOf(place)
  return { x: (at % 3) - 1, y: 1 - Math.floor(at / 3) }
}

/** A place by its name; undefined for anything else. */
export function readPlace(name: string): FocusPlace | undefined {
  return focusPlaces.find((place) => place === name)
}
