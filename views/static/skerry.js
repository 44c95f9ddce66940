// Every page works without this file: it counts characters, stops double submits, and closes open menus.
'use strict'

for (const box of document.querySelectorAll('textarea[data-characters-max]')) {
  const max = Number(box.dataset.charactersMax)
  const counter = document.createElement('span')
  counter.className = 'counter'
  counter.setAttribute('aria-hidden', 'true')
  box.nextElementSibling?.append(' ', counter)
  const count = () => {
    const left = max - [...box.value].length
    counter.textContent = left.toLocaleString(document.documentElement.lang)
    counter.classList.toggle('is-over', left < 0)
  }
  box.addEventListener('input', count)
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) box.form.requestSubmit()
  })
  count()
}

document.addEventListener('submit', (event) => {
  if (event.target.method !== 'post') return
  if (event.target.dataset.sent) event.preventDefault()
  event.target.dataset.sent = 'yes'
})

// A page that comes back from the history may be sent again.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent
})

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll('details.more[open]')) if (menu !== except) menu.open = false
}
document.addEventListener('click', (event) => closeMenus(event.target.closest('details.more')))
document.addEventListener('keydown', (event) => {
  const menu = event.key === 'Escape' && document.activeElement?.closest('details.more[open]')
  if (!menu) return
  menu.open = false
  menu.querySelector('summary').focus()
})
