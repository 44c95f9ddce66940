// A picture in full over the page, its description printed below it; arrows lead to the other pictures of its post, Escape back.
import { loadWords } from './words.js'

/** `link` leads to the picture in full and holds the small one. */
export async function show(link) {
  const links = [...(link.closest('.media') ?? link.parentElement).querySelectorAll('.media-item a[href]')].filter((each) =>
    each.querySelector('img')
  )
  let words
  try {
    words = await loadWords()
  } catch {
    return location.assign(link.href)
  }
  const dialog = build(words, links.length > 1)
  const image = dialog.querySelector('img')
  const caption = dialog.querySelector('p')
  let at = links.indexOf(link)

  const turn = (to) => {
    at = (to + links.length) % links.length
    const small = links[at].querySelector('img')
    const described = links[at].closest('.media-item').querySelector('figcaption:not(.media-bare)')
    image.src = links[at].href
    image.alt = small.alt
    caption.textContent = described?.textContent ?? ''
    const label = words('script.imageOf', { position: at + 1, total: links.length })
    dialog.setAttribute('aria-label', label)
    dialog.querySelector('.lightbox-count').textContent = label
  }

  dialog.addEventListener('click', (event) => {
    const { act } = event.target.closest('button')?.dataset ?? {}
    if (act === 'next') turn(at + 1)
    else if (act === 'previous') turn(at - 1)
    else if (act === 'close' || event.target === dialog) dialog.close()
  })
  dialog.addEventListener('keydown', (event) => {
    const isForward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    if (links.length > 1 && /^Arrow(Left|Right)$/.test(event.key)) turn(at + (event.key === isForward ? 1 : -1))
  })
  dialog.addEventListener('close', () => {
    dialog.remove()
    link.focus()
  })
  turn(at)
  document.body.append(dialog)
  dialog.showModal()
}

function build(words, isMany) {
  const dialog = document.createElement('dialog')
  dialog.className = 'lightbox'
  const bar = document.createElement('div')
  bar.className = 'lightbox-bar'
  const count = document.createElement('span')
  count.className = 'lightbox-count'
  count.setAttribute('aria-live', 'polite')
  bar.append(count)
  const acts = isMany ? ['previous', 'next', 'close'] : ['close']
  for (const act of acts) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button'
    button.dataset.act = act
    button.textContent = words(`script.${act}`)
    bar.append(button)
  }
  const image = document.createElement('img')
  const caption = document.createElement('p')
  caption.dir = 'auto'
  caption.setAttribute('aria-hidden', 'true')
  dialog.append(bar, image, caption)
  return dialog
}
