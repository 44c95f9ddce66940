// People, hashtags and emoji are offered while their beginning is typed. The box keeps the focus; arrows choose, Enter or Tab takes, Escape lets be.
import { loadWords } from './words.js'

const waitMs = 150
const kinds = { '@': 'person', '#': 'tag', ':': 'emoji' }
/** So many characters after the sign; an emoji's colon alone is often just a colon. */
const charactersMin = { person: 1, tag: 1, emoji: 2 }
const begun = /(?:^|[\s(])([@#:])([\p{L}\p{M}\p{N}_+.@-]*)$/u

let lists = 0

export async function complete(box) {
  const words = await loadWords()
  const list = document.createElement('ul')
  list.id = `completions-${++lists}`
  list.className = 'completions'
  list.hidden = true
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', words('script.suggestionsLabel'))
  const voice = document.createElement('p')
  voice.className = 'vh'
  voice.setAttribute('role', 'status')
  box.after(list, voice)
  box.setAttribute('aria-autocomplete', 'list')
  box.setAttribute('aria-haspopup', 'listbox')
  box.setAttribute('aria-controls', list.id)

  let items = []
  let at = 0
  let asking
  let timer

  const token = () => {
    if (box.selectionStart !== box.selectionEnd) return undefined
    const [, sign, typed] = begun.exec(box.value.slice(0, box.selectionStart)) ?? []
    if (sign === undefined || typed.length < charactersMin[kinds[sign]]) return undefined
    return { kind: kinds[sign], typed, start: box.selectionStart - typed.length - 1 }
  }

  const close = () => {
    clearTimeout(timer)
    asking?.abort()
    if (list.hidden) return
    list.hidden = true
    items = []
    box.removeAttribute('aria-activedescendant')
    voice.textContent = ''
  }

  const mark = (to) => {
    at = (to + items.length) % items.length
    for (const [index, option] of [...list.children].entries()) option.setAttribute('aria-selected', String(index === at))
    list.children[at].scrollIntoView({ block: 'nearest' })
    box.setAttribute('aria-activedescendant', list.children[at].id)
  }

  const open = (found) => {
    items = found
    list.replaceChildren(...items.map((item, index) => optionOf(item, `${list.id}-${index}`)))
    list.hidden = false
    mark(0)
    voice.textContent = words('script.suggestions', { count: items.length })
  }

  const ask = async () => {
    const wanted = token()
    asking?.abort()
    if (!wanted) return close()
    asking = new AbortController()
    const { signal } = asking
    try {
      const query = new URLSearchParams({ kind: wanted.kind, q: wanted.typed })
      const response = await fetch(`/completions?${query}`, { signal, headers: { accept: 'application/json' } })
      if (!response.ok) return close()
      const { items: found } = await response.json()
      if (signal.aborted || document.activeElement !== box) return
      if (found.length > 0) open(found)
      else close()
    } catch (error) {
      // Offline, or overtaken by the next letter: one goes on typing.
      if (error.name !== 'AbortError') close()
    }
  }

  const take = (index) => {
    const wanted = token()
    const { insert } = items[index]
    close()
    if (!wanted) return
    box.setSelectionRange(wanted.start, box.selectionEnd)
    // The old way to insert is the one that can be undone.
    if (!document.execCommand('insertText', false, `${insert} `)) {
      box.setRangeText(`${insert} `, wanted.start, box.selectionEnd, 'end')
      box.dispatchEvent(new InputEvent('input', { bubbles: true }))
    }
    close()
  }

  box.addEventListener('input', (event) => {
    clearTimeout(timer)
    if (event.isComposing) return
    if (token()) timer = setTimeout(ask, waitMs)
    else close()
  })
  box.addEventListener('blur', close)
  box.addEventListener('keydown', (event) => {
    if (list.hidden || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const act = {
      ArrowDown: () => mark(at + 1),
      ArrowUp: () => mark(at - 1),
      Enter: () => take(at),
      Tab: () => take(at),
      Escape: close
    }[event.key]
    if (!act || event.shiftKey) return
    event.preventDefault()
    event.stopImmediatePropagation()
    act()
  })
  // The box keeps the focus while somebody points.
  list.addEventListener('mousedown', (event) => event.preventDefault())
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[role=option]')
    if (option) take([...list.children].indexOf(option))
  })
}

function optionOf({ label, detail, image, symbol }, id) {
  const option = document.createElement('li')
  option.id = id
  option.setAttribute('role', 'option')
  if (image) {
    const picture = document.createElement('img')
    Object.assign(picture, { src: image, alt: '', width: 24, height: 24 })
    option.append(picture)
  } else if (symbol) {
    const sign = document.createElement('span')
    sign.textContent = symbol
    sign.setAttribute('aria-hidden', 'true')
    option.append(sign)
  }
  const name = document.createElement('bdi')
  name.textContent = label
  option.append(name)
  if (detail) {
    const more = document.createElement('bdi')
    more.className = 'soft'
    more.textContent = detail
    option.append(' ', more)
  }
  return option
}
