import { focusPlaces, placeOf, pointOf, readPlace } from '#server/media/focus-grid.ts'
import type { Focus } from '#server/media/media-alt.ts'
import type { Media } from '#server/media/upload-image.ts'
import type { Translate } from '#server/platform/messages.ts'
import type { Form } from '#server/web/form.ts'

/** One of nine places of a picture, for partials/focus-choice.hbs. */
export interface FocusOptionView {
  value: string
  label: string
  isSelected: boolean
}

const labels = {
  'top-left': 'media.focusTopLeft',
  top: 'media.focusTop',
  'top-right': 'media.focusTopRight',
  left: 'media.focusLeft',
  centre: 'media.focusCentre',
  right: 'media.focusRight',
  'bottom-left': 'media.focusBottomLeft',
  bottom: 'media.focusBottom',
  'bottom-right': 'media.focusBottomRight'
} as const

/** Field of a picture's place, by the picture's id. */
export function focusField(mediaId: number): string {
  return `focus-${mediaId}`
}

/** The nine places with the one that is chosen: as the form says, else as it is kept. */
export function focusChoice(t: Translate, image: Pick<Media, 'id' | 'focusX' | 'focusY'>, form?: Form): FocusOptionView[] {
  const selected = readPlace(form?.text(focusField(image.id)) ?? '') ?? placeOf(image)
  return focusPlaces.map((value) => ({ value, label: t(labels[value]), isSelected: value === selected }))
}

/** The point a form chose for a picture; undefined where it says nothing new, so that a point finer than the nine places stays. */
export function focusOf(form: Form, image: Pick<Media, 'id' | 'focusX' | 'focusY'>): Focus | undefined {
  const place = readPlace(form.text(focusField(image.id)))
  return place === undefined || place === placeOf(image) ? undefined : pointOf(place)
}
