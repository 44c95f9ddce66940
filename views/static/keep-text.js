// What was typed and not sent stays in this tab until it is sent, and is given back when its form comes again.
import { loadWords } from './words.js'

const waitMs = 400

export function keep(form) {
  const fields = [...form.querySelectorAll('textarea[data-characters-max], [name=warning]')]
  const key = `composer ${form.dataset.page ?? location.pathname}`
  let timer

  const write = () => {
    clearTimeout(timer)
    if (!form.isConnected) return
    const changed = fields.some((field) => field.value !== field.defaultValue)
    if (changed) sessionStorage.setItem(key, JSON.stringify(fields.map(({ name, value, defaultValue }) => ({ name, value, defaultValue }))))
    else sessionStorage.removeItem(key)
  }
  giveBack(form, fields, key)
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(write, waitMs)
  })
  window.addEventListener('pagehide', write)
  // Whether it was taken is seen on the page that follows: see skerry.js.
  form.addEventListener('submit', () => sessionStorage.setItem('sent composer', key))
}

/** Only into a form that is as it was when the typing began. */
function giveBack(form, fields, key) {
  const kept = JSON.parse(sessionStorage.getItem(key) ?? '[]')
  const pairs = fields.flatMap((field) => {
    const { value, defaultValue } = kept.find(({ name }) => name === field.name) ?? {}
    return value !== undefined && value !== defaultValue ? [{ field, value, defaultValue }] : []
  })
  const isAsBefore = ({ field, defaultValue }) => field.value === field.defaultValue && field.defaultValue === defaultValue
  // Going back, the browser has filled it in already: it is seen again, unless one was further down the page.
  for (const { field, value } of pairs) if (field.value === value && form.parentElement.getBoundingClientRect().bottom > 0) unfold(field)
  if (pairs.length === 0 || !pairs.every(isAsBefore)) return
  for (const { field, value } of pairs) {
    fill(field, value)
    unfold(field)
  }
  loadWords().then(
    (words) => {
      const note = document.createElement('p')
      note.className = 'kept'
      note.setAttribute('role', 'status')
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'button button-small'
      button.textContent = words('script.discard')
      button.addEventListener('click', () => {
        for (const { field } of pairs) fill(field, field.defaultValue)
        sessionStorage.removeItem(key)
        note.remove()
        pairs[0].field.focus()
      })
      note.append(words('script.kept'), ' ', button)
      form.prepend(note)
      form.addEventListener('submit', () => note.remove())
    },
    () => undefined
  )
}

function unfold(field) {
  for (let fold = field.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true
}

function fill(field, text) {
  field.value = text
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
}
