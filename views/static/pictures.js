// Pictures that are chosen, pasted or dropped go up at once, with their progress; their descriptions are then typed beside the text.
import { loadWords } from './words.js'

/** Nothing here is needed to attach a picture: without it the file goes with the form, and its description is asked for next. */
export function takePictures(form) {
  const input = form.querySelector('input[type=file][name=images]')
  if (!input) return
  const state = { request: undefined }
  const send = (files) => {
    const pictures = [...files].filter(({ type }) => accepts(input, type))
    if (pictures.length === 0 || state.request) return
    loadWords().then((words) => upload(form, pictures, words, state), () => undefined)
  }
  // The field may come back with the answer: the form stays.
  form.addEventListener('change', (event) => {
    if (event.target.matches('input[type=file][name=images]')) send(event.target.files)
  })
  form.addEventListener('paste', (event) => {
    if (!event.clipboardData?.files.length) return
    event.preventDefault()
    send(event.clipboardData.files)
  })
  form.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    form.classList.add('is-over')
  })
  for (const name of ['dragleave', 'drop']) form.addEventListener(name, () => form.classList.remove('is-over'))
  form.addEventListener('drop', (event) => {
    if (!event.dataTransfer?.files.length) return
    event.preventDefault()
    send(event.dataTransfer.files)
  })
  // While pictures go up the form waits for them.
  form.addEventListener('submit', (event) => {
    if (!state.request) return
    event.preventDefault()
    event.stopPropagation()
  })
}

function accepts(input, type) {
  const types = input.accept.split(',').map((each) => each.trim())
  return types.includes(type) || types.includes(`${type.split('/')[0]}/*`)
}

function upload(form, pictures, words, state) {
  const input = form.querySelector('input[type=file][name=images]')
  const body = new FormData(form)
  body.delete('images')
  for (const picture of pictures) body.append('images', picture, picture.name)
  body.set('attach', 'yes')
  const { place, progress, text, cancel } = progressOf(words)
  input.closest('.field').append(place)
  form.querySelector('.upload-fault')?.remove()

  const request = new XMLHttpRequest()
  state.request = request
  const end = (fault) => {
    state.request = undefined
    place.remove()
    if (fault === undefined) return
    const note = document.createElement('p')
    note.className = 'field-error upload-fault'
    note.setAttribute('role', 'alert')
    note.textContent = fault
    form.querySelector('input[type=file][name=images]')?.closest('.field').append(note)
  }
  request.upload.addEventListener('progress', ({ loaded, total, lengthComputable }) => {
    if (!lengthComputable) return
    const percent = Math.floor((100 * loaded) / total)
    progress.value = percent
    text.textContent = words('script.uploading', { percent })
  })
  request.addEventListener('load', () => {
    const page = new DOMParser().parseFromString(request.responseText, 'text/html')
    const fresh = page.querySelector('.composer-form')
    if (!fresh) return end(page.querySelector('main p')?.textContent ?? words('script.uploadFailed'))
    const fault = page.querySelector('#composer-images-error, .form-error')?.textContent.trim()
    if (fault) return end(fault)
    input.value = ''
    end()
    swapPictures(form, fresh)
  })
  request.addEventListener('error', () => end(words('script.uploadFailed')))
  request.addEventListener('abort', () => {
    input.value = ''
    end()
    input.focus()
  })
  cancel.addEventListener('click', () => request.abort())
  request.open('POST', form.getAttribute('action'))
  request.setRequestHeader('accept', 'text/html')
  request.send(body)
}

/** The pictures with their descriptions, and the field for more of them, as the server drew them. */
function swapPictures(form, fresh) {
  const pictures = fresh.querySelector('.composer-images')
  const old = form.querySelector('.composer-images')
  const known = new Set([...form.querySelectorAll('.composer-images input[name=media]')].map(({ value }) => value))
  const field = form.querySelector('input[type=file][name=images]').closest('.field')
  if (pictures) {
    if (old) old.replaceWith(pictures)
    else (field.closest('.composer-row') ?? field).before(pictures)
  }
  const freshField = fresh.querySelector('input[type=file][name=images]')?.closest('.field')
  if (freshField) field.replaceWith(freshField)
  else field.remove()
  const added = [...form.querySelectorAll('.composer-images input[name=media]')].find(({ value }) => !known.has(value))
  if (added) form.querySelector(`#alt-${added.value}`)?.focus()
}

function progressOf(words) {
  const place = document.createElement('div')
  place.className = 'upload'
  const progress = document.createElement('progress')
  progress.max = 100
  progress.value = 0
  const text = document.createElement('span')
  text.textContent = words('script.uploading', { percent: 0 })
  progress.setAttribute('aria-label', words('script.uploadingLabel'))
  const cancel = document.createElement('button')
  cancel.type = 'button'
  cancel.className = 'button button-small'
  cancel.textContent = words('script.cancel')
  place.append(progress, text, cancel)
  return { place, progress, text, cancel }
}
