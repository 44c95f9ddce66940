// The composer with its enhancements: completion, pictures that go up at once, a box that grows, and text that is not lost.
import { complete } from './complete.js'
import { keep } from './keep-text.js'
import { takePictures } from './pictures.js'

const enhanced = new WeakSet()

/** Does nothing for a form that was enhanced before. */
export function enhance(form) {
  if (enhanced.has(form)) return
  enhanced.add(form)
  for (const box of form.querySelectorAll('textarea[data-characters-max]')) {
    complete(box).catch(() => undefined)
    // Browsers put the caret before what stands there (whom one answers); one writes behind it.
    if (box.selectionStart === 0 && box.selectionEnd === 0) box.setSelectionRange(box.value.length, box.value.length)
    // It counts what is left as soon as it is there.
    box.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }
  if (!CSS.supports('field-sizing', 'content')) for (const box of form.querySelectorAll('textarea')) grow(box)
  keep(form)
  takePictures(form, enhance)
}

function grow(box) {
  const fit = () => {
    box.style.blockSize = 'auto'
    box.style.blockSize = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`
  }
  box.addEventListener('input', fit)
  fit()
}
