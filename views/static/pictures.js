// Pictures that are chosen, pasted or dropped go up at once, with their progress; their descriptions are then typed beside the text.
import { loadWords } from './words.js'

const fileFields = 'input[type=file][name^=images]'

/**
 * Without this the files go with the form, and their descriptions are asked for next. The server keeps what was sent as a draft and answers with the whole form,
 * which takes the place of this one; `enhance` makes it what this one is.
 */
export function takePictures(form, enhance) {
  if (!form.querySelector(fileFields)) return
  let request

  const send = (field, files) => {
    const pictures = [...files].filter(({ type }) => accepts(field, type))
    if (pictures.length === 0 || request) return
    loadWords().then(
      (words) => {
        request = upload(form, field, pictures, words, (fresh, page) => {
          request = undefined
          if (fresh) swap(form, fresh, page, enhance)
        })
      },
      () => undefined
    )
  }
  /** Where something was pasted or dropped says to which part of a thread it belongs. */
  const fieldAt = (target) => (target.closest?.('.composer-part') ?? form).querySelector(fileFields)

  form.addEventListener('change', ({ target }) => {
    if (target.matches(fileFields)) send(target, target.files)
  })
  // Somebody was quicker than this file.
  for (const field of form.querySelectorAll(fileFields)) send(field, field.files)
  form.addEventListener('paste', (event) => {
    const field = fieldAt(event.target)
    if (!field || !event.clipboardData?.files.length) return
    event.preventDefault()
    send(field, event.clipboardData.files)
  })
  form.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    form.classList.add('is-over')
  })
  for (const name of ['dragleave', 'drop']) form.addEventListener(name, () => form.classList.remove('is-over'))
  form.addEventListener('drop', (event) => {
    const field = fieldAt(event.target)
    if (!field || !event.dataTransfer?.files.length) return
    event.preventDefault()
    send(field, event.dataTransfer.files)
  })
  form.addEventListener('submit', (event) => {
    // Whoever does not wait sends the files with the form, and is asked for the descriptions next.
    if (request) request.leave()
    else if (!event.submitter?.name && form.dataset.page) askForDescriptions(form, event)
  })
}

/** Once, for pictures that came in here: the page that asks for descriptions was passed by. */
function askForDescriptions(form, event) {
  const bare = [...form.querySelectorAll('.composer-images textarea')].find(({ value }) => value.trim() === '')
  if (!bare || form.dataset.asked) return
  form.dataset.asked = 'yes'
  event.preventDefault()
  event.stopPropagation()
  loadWords().then(
    (words) => {
      bare.focus()
      const note = say(bare.parentElement, words('script.undescribed'), bare)
      bare.addEventListener('input', () => note.remove(), { once: true })
    },
    () => form.requestSubmit(event.submitter)
  )
}

function say(place, text, after = place.lastElementChild) {
  place.querySelector('.upload-fault')?.remove()
  const note = document.createElement('p')
  note.className = 'field-error upload-fault'
  note.setAttribute('role', 'alert')
  note.textContent = text
  after.after(note)
  return note
}

function accepts(field, type) {
  return field.accept.split(',').some((each) => each.trim() === type)
}

/** Sends the form as its button "write on" would. `done` gets the form that came back and its page; nothing when it did not. */
function upload(form, field, pictures, words, done) {
  const body = new FormData(form)
  for (const each of form.querySelectorAll(fileFields)) body.delete(each.name)
  for (const picture of pictures) body.append(field.name, picture, picture.name)
  body.set('writeOn', 'yes')
  const place = field.closest('.field')
  place.querySelector('.upload-fault')?.remove()
  const { shown, progress, text, cancel } = progressOf(words)
  place.append(shown)

  const request = new XMLHttpRequest()
  const end = (fault) => {
    shown.remove()
    field.value = ''
    if (fault !== undefined) say(place, fault)
    done()
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
    const fault = fresh?.querySelector('.field-error, .form-error')
    if (!fresh || fault) return end(fault?.textContent.trim() ?? words('script.uploadFailed'))
    shown.remove()
    done(fresh, new URL(request.responseURL).pathname)
  })
  request.addEventListener('error', () => end(words('script.uploadFailed')))
  cancel.addEventListener('click', () => {
    request.abort()
    end()
    field.focus()
  })
  request.open('POST', form.getAttribute('action'))
  request.setRequestHeader('accept', 'text/html')
  request.send(body)
  return {
    leave() {
      const transfer = new DataTransfer()
      for (const picture of pictures) transfer.items.add(picture)
      field.files = transfer.files
      request.abort()
    }
  }
}

/** What was typed while the pictures went up goes along; the first new description is typed next. */
function swap(form, fresh, page, enhance) {
  const known = new Set([...form.querySelectorAll('.composer-images textarea')].map(({ id }) => id))
  for (const old of form.querySelectorAll('textarea[data-characters-max], .composer-images textarea, [name=warning]')) {
    const field = fresh.querySelector(`[name="${CSS.escape(old.name)}"]`)
    if (field && field.value !== old.value) field.value = old.value
  }
  const [from, to] = [form, fresh].map((each) => each.querySelector('[name=returnTo]'))
  if (from && to) to.value = from.value
  // It lies on the server now, as a draft.
  sessionStorage.removeItem(`composer ${form.dataset.page ?? location.pathname}`)
  fresh.dataset.page = page
  form.replaceWith(fresh)
  enhance(fresh)
  const added = [...fresh.querySelectorAll('.composer-images textarea')].find(({ id }) => !known.has(id))
  added?.focus()
}

function progressOf(words) {
  const shown = document.createElement('div')
  shown.className = 'upload'
  const progress = document.createElement('progress')
  progress.max = 100
  progress.value = 0
  progress.setAttribute('aria-label', words('script.uploadingLabel'))
  const text = document.createElement('span')
  text.textContent = words('script.uploading', { percent: 0 })
  const cancel = document.createElement('button')
  cancel.type = 'button'
  cancel.className = 'button button-small'
  cancel.textContent = words('script.cancel')
  shown.append(progress, text, cancel)
  return { shown, progress, text, cancel }
}
