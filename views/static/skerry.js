// Every page works without this file. It counts characters, stops double submits, closes open menus, and brings the rest when it is first used.

const { documentElement } = document
const isSignedIn = document.querySelector('script[data-signed-in]') !== null
const relativeTimesMs = 60_000
/** With those that may follow `g`. */
const shortcutKeys = 'jkorbfsBmxhn/.g?lp'

/** What cannot be loaded (offline, or an older page after an update) is done without: the page is whole. */
const bring = (module) => module.catch(() => undefined)

const count = (box) => {
  const hint = box.closest('.field')?.querySelector('.hint')
  let counter = hint?.querySelector('.counter')
  if (!hint) return
  if (!counter) {
    counter = document.createElement('span')
    counter.className = 'counter'
    counter.setAttribute('aria-hidden', 'true')
    hint.append(' ', counter)
  }
  const left = Number(box.dataset.charactersMax) - [...box.value].length
  counter.textContent = left.toLocaleString(documentElement.lang)
  counter.classList.toggle('is-over', left < 0)
}
document.querySelectorAll('textarea[data-characters-max]').forEach(count)
document.addEventListener('input', ({ target }) => target.matches('textarea[data-characters-max]') && count(target))
document.addEventListener('keydown', (event) => {
  const isSending = event.key === 'Enter' && (event.ctrlKey || event.metaKey)
  if (isSending && event.target.matches?.('textarea[data-characters-max]')) event.target.form.requestSubmit()
})

// Likes, boosts, bookmarks and votes stay on the page; whatever goes wrong there is sent again in the usual way.
const actPath = /^\/posts\/\d+\/(?:un)?(?:boost|favourite|bookmark)$|^\/posts\/\d+\/vote$/
// The property `formAction` of a button that has none is the page's own address.
const pathOf = (form, submitter) =>
  new URL(submitter.getAttribute('formaction') ?? form.getAttribute('action') ?? '', location.href).pathname

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event
  if (form.method !== 'post' || event.defaultPrevented) return
  const path = submitter ? pathOf(form, submitter) : ''
  if (actPath.test(path)) {
    event.preventDefault()
    const usual = () => {
      form.setAttribute('action', path)
      form.submit()
    }
    import('./acts.js').then(({ act }) => act(form, submitter, path, usual), usual)
    return
  }
  if (form.dataset.sent) event.preventDefault()
  form.dataset.sent = 'yes'
})

// A page that comes back from the history may be sent again.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent
})

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll('details.more[open]')) if (menu !== except) menu.open = false
}
document.addEventListener('click', (event) => {
  closeMenus(event.target.closest('details.more'))
  const picture = event.target.closest('.media-item a[href]')
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
  if (!picture?.querySelector('img') || !isPlain || event.defaultPrevented) return
  event.preventDefault()
  const usual = () => location.assign(picture.href)
  import('./lightbox.js').then(({ show }) => show(picture), usual)
})
document.addEventListener('keydown', (event) => {
  const menu = event.key === 'Escape' && document.activeElement?.closest('details.more[open]')
  if (!menu) return
  menu.open = false
  menu.querySelector('summary').focus()
})

// Single keys do something only outside fields, and only for those who did not switch them off.
if (documentElement.dataset.shortcuts !== 'off') {
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.closest?.('input:not([type=checkbox], [type=radio]), textarea, select, dialog, [contenteditable]')
    const isOnPost = event.key === 'Enter' && event.target.matches?.('article')
    const isKey = isOnPost || (event.key.length === 1 && shortcutKeys.includes(event.key))
    if (isTyping || !isKey || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return
    event.preventDefault()
    bring(import('./shortcuts.js').then(({ press }) => press(event.key)))
  })
}

// What was typed is kept until a page shows that it arrived: see keep-text.js.
const sent = sessionStorage.getItem('sent composer')
if (sent !== null) {
  const isShown = [...document.querySelectorAll('.composer-form textarea')].some(({ defaultValue }) => defaultValue !== '')
  const isTaken = isShown || document.querySelector('.flash-good') || location.pathname.startsWith('/drafts')
  if (isTaken) sessionStorage.removeItem(sent)
  sessionStorage.removeItem('sent composer')
}

// The composer learns to complete, to take pictures and to keep what is typed as soon as somebody goes there.
if (document.querySelector('.composer-form')) {
  const compose = () => {
    for (const name of ['focusin', 'dragenter']) document.removeEventListener(name, onTouch)
    bring(import('./composer.js').then(({ enhance }) => document.querySelectorAll('.composer-form').forEach(enhance)))
  }
  const onTouch = (event) => {
    if (event.type === 'dragenter' || event.target.closest?.('.composer-form')) compose()
  }
  for (const name of ['focusin', 'dragenter']) document.addEventListener(name, onTouch)
  const isKept = Object.keys(sessionStorage).some((key) => key.startsWith('composer '))
  if (isKept || document.activeElement?.closest('.composer-form')) compose()
}

if (document.querySelector('.ago')) {
  setInterval(() => bring(import('./times.js').then(({ refresh }) => refresh())), relativeTimesMs)
}

if (isSignedIn) {
  const listen = () => bring(import('./live.js'))
  if ('requestIdleCallback' in window) requestIdleCallback(listen, { timeout: 3_000 })
  else setTimeout(listen, 1_000)
}
