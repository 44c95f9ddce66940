// Passkeys: asks the server what to sign, the browser to sign it, and sends the answer with the form the button stands in.
// Pages that bring this say without it that passkeys need it, and offer the other ways.

const isKnown = typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function'

for (const whole of document.querySelectorAll('[data-passkey-whole]')) {
  if (isKnown) whole.hidden = false
  else whole.parentElement.querySelector('[data-passkey-missing]').hidden = false
  whole.parentElement.querySelector('[data-passkey-needs]').hidden = true
}

for (const button of document.querySelectorAll('[data-passkey-start]')) {
  button.form.addEventListener('submit', (event) => {
    event.preventDefault()
    start(button)
  })
}

async function start(button) {
  const { form } = button
  const failed = form.querySelector('[data-passkey-failed]')
  failed.hidden = true
  if (button.disabled) return
  button.disabled = true
  try {
    form.elements.answer.value = JSON.stringify(await answerTo(button.dataset))
    form.submit()
  } catch {
    // Nobody there, nothing chosen, too late: the browser says no more, and one may try again.
    failed.hidden = false
    button.disabled = false
    delete form.dataset.sent
  }
}

async function answerTo({ passkeyStart, options: path }) {
  const response = await fetch(path, { headers: { accept: 'application/json' } })
  if (!response.ok) throw new Error(`There was no question to answer (${response.status}).`)
  const asked = await response.json()
  const credential =
    passkeyStart === 'create'
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) })
  return credential.toJSON()
}

window.addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('[data-passkey-start]')) button.disabled = false
})
