// What was typed and not sent stays in this tab until it is sent, and is given back when its form comes again.
import { loadWords } from './words.js'

const waitMs = 400

export function keep(form) {
  const box = form.querySelector('textarea[name=text]')
  if (!box) return
  const warning = form.querySelector('[name=warning]')
  const of = (name) => form.querySelector(`input[name=${name}]`)?.value ?? ''
  const key = `composer ${form.getAttribute('action')} ${of('replyTo')} ${of('quote')}`
  let timer

  const write = () => {
    clearTimeout(timer)
    if (box.value === box.defaultValue) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, JSON.stringify({ text: box.value, warning: warning?.value ?? '', base: box.defaultValue }))
  }
  giveBack(form, box, warning, key)
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(write, waitMs)
  })
  window.addEventListener('pagehide', write)
  // Whether it was taken is known on the page that follows: see skerry.js.
  form.addEventListener('submit', () => sessionStorage.setItem('sent composer', key))
}

function giveBack(form, box, warning, key) {
  const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null')
  if (!kept || kept.base !== box.defaultValue || box.value !== box.defaultValue || kept.text === box.value) return
  fill(box, kept.text)
  if (warning && kept.warning !== '') fill(warning, kept.warning)
  const fold = form.closest('details')
  if (fold) fold.open = true
  loadWords().then((words) => {
    const note = document.createElement('p')
    note.className = 'kept'
    note.setAttribute('role', 'status')
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button button-small'
    button.textContent = words('script.discard')
    button.addEventListener('click', () => {
      fill(box, box.defaultValue)
      if (warning) fill(warning, warning.defaultValue)
      sessionStorage.removeItem(key)
      note.remove()
      box.focus()
    })
    note.append(words('script.kept'), ' ', button)
    form.prepend(note)
    form.addEventListener('submit', () => note.remove())
  }, () => undefined)
}

function fill(field, text) {
  field.value = text
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
}
