// One key for each thing that is done often. They are listed at /shortcuts, which `?` shows over the page.

const afterG = { h: '/home', n: '/notifications', l: '/local', f: '/federated', b: '/bookmarks', s: '/settings' }
const waitMs = 1_500

let current
let gUntil = 0

/** A key that was pressed outside fields, with nothing held beside it. */
export function press(key) {
  if (performance.now() < gUntil) {
    gUntil = 0
    const path = key === 'p' ? document.querySelector('.me')?.getAttribute('href') : afterG[key]
    if (path) return location.assign(path)
  }
  keys[key]?.()
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  o: () => article()?.querySelector('a:has(> time)')?.click(),
  Enter: () => keys.o(),
  r: () => article()?.querySelector('.post-actions a.action')?.click(),
  b: () => click('.action-boost'),
  f: () => click('.action-favourite'),
  s: () => click('.action-bookmark'),
  B: () => keys.s(),
  m: () => openMenu(),
  x: () => toggleWarning(),
  h: () => openMedia(),
  n: () => compose(),
  '/': () => search(),
  '.': () => document.querySelector('.newer a')?.click(),
  g: () => (gUntil = performance.now() + waitMs),
  '?': () => help()
}

function articles() {
  return [...document.querySelectorAll('main article[id]')].filter((each) => each.checkVisibility?.() ?? true)
}

/** The post one stands on: where the focus is, else where it was led last. */
function article() {
  const focused = document.activeElement?.closest('main article[id]')
  return focused ?? (current?.isConnected ? current : undefined)
}

function move(step) {
  const all = articles()
  const at = all.indexOf(article())
  const isBelowTop = (each) => each.getBoundingClientRect().bottom > 80
  const next = at < 0 ? all.find(isBelowTop) : all[at + step]
  if (!next) return
  current = next
  if (!next.hasAttribute('tabindex')) next.tabIndex = -1
  next.focus({ preventScroll: true })
  next.scrollIntoView({ block: 'start' })
}

function click(selector) {
  article()?.querySelector(selector)?.click()
}

function openMenu() {
  const menu = article()?.querySelector('details.more')
  if (!menu) return
  menu.open = true
  menu.querySelector('summary').focus()
}

function toggleWarning() {
  const warning = article()?.querySelector('details.warning')
  if (warning) warning.open = !warning.open
}

function openMedia() {
  const picture = article()?.querySelector('.media-item a[href]')
  const warning = picture?.closest('details.warning')
  if (warning) warning.open = true
  picture?.click()
}

function compose() {
  const box = document.querySelector('#composer-text')
  if (!box) return location.assign('/posts/new')
  const fold = box.closest('details')
  if (fold) fold.open = true
  box.focus()
}

function search() {
  const box = document.querySelector('input[type=search]')
  if (box) box.select()
  else location.assign('/search')
}

async function help() {
  if (document.querySelector('dialog[open]')) return
  const response = await fetch('/shortcuts', { headers: { accept: 'text/html' } })
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const list = page.querySelector('.shortcuts')
  if (!list) return location.assign('/shortcuts')
  const dialog = document.createElement('dialog')
  dialog.className = 'help'
  const bar = document.createElement('div')
  bar.className = 'help-bar'
  const heading = page.querySelector('h1')
  heading.id = 'help-heading'
  dialog.setAttribute('aria-labelledby', heading.id)
  const close = document.createElement('button')
  close.type = 'button'
  close.className = 'button'
  close.textContent = list.dataset.close
  close.addEventListener('click', () => dialog.close())
  bar.append(heading, close)
  dialog.append(bar, list)
  const before = document.activeElement
  dialog.addEventListener('close', () => {
    dialog.remove()
    before?.focus()
  })
  document.body.append(dialog)
  dialog.showModal()
}
