import { okay, type Samples } from '#server/web/style/samples.ts'
import { focusChoice } from '#server/web/views/focus-choice.ts'

/** Parts of sample forms: choices, boxes to tick, what was typed wrongly, and pictures that are written about. */
export function sampleFields({ t, text }: Samples) {
  const option = (value: string, label: string, isSelected = false, hint?: string) => ({
    value,
    label: text(label),
    hint: hint && text(hint),
    isSelected
  })
  const choice = (...options: ReturnType<typeof option>[]) => ({ options, error: undefined })
  const check = (isChecked: boolean) => ({ isChecked, error: undefined })
  const wrong = (value: string, error: string) => ({ value: text(value), error: text(error) })
  const image = (position: number, name: string) => ({
    id: `m${position}`,
    url: `/media/${name}`,
    width: 400,
    height: 300,
    position,
    total: 2,
    alt: okay,
    focus: focusChoice(t, { id: position, focusX: 0, focusY: 0 })
  })
  return { option, choice, check, wrong, image }
}
