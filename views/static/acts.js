// A like, boost, bookmark or vote is sent as its form would send it, and what changed is taken from the answer: the page stays where it is.

/** What a button says of its state. */
const attributes = ['formaction', 'aria-pressed', 'aria-label']
const underWay = new WeakSet()

/** `path` is where the button leads; `usual` sends the form there as browsers do, for whatever does not go well. */
export async function act(form, submitter, path, usual) {
  if (underWay.has(submitter)) return
  underWay.add(submitter)
  try {
    const post = /^\/posts\/(\d+)\//.exec(path)[1]
    const body = new URLSearchParams(new FormData(form, submitter))
    body.set('returnTo', `/posts/${post}/card`)
    const response = await fetch(path, { method: 'POST', body, headers: { accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    const fresh = page.getElementById(`post-${post}`)
    const shown = submitter.closest('article')
    if (!response.ok || !fresh || !shown || page.querySelector('.flash-bad')) return usual()
    if (path.endsWith('/vote')) swapPoll(shown, fresh, usual)
    else swapButtons(shown, fresh)
  } catch {
    usual()
  } finally {
    underWay.delete(submitter)
  }
}

/** The buttons stay, and with them the focus; what they say and do is new. */
function swapButtons(shown, fresh) {
  const actsOf = (article) => [...(article.querySelector('.post-actions')?.querySelectorAll('button.action') ?? [])]
  const kindOf = (button) => button.className
  const now = new Map(actsOf(fresh).map((button) => [kindOf(button), button]))
  for (const button of actsOf(shown)) {
    const other = now.get(kindOf(button))
    if (!other) continue
    for (const name of attributes) {
      if (other.hasAttribute(name)) button.setAttribute(name, other.getAttribute(name))
    }
    const { count } = other.querySelector('span')?.dataset ?? {}
    const label = button.querySelector('span')
    if (count === undefined) delete label.dataset.count
    else label.dataset.count = count
  }
}

function swapPoll(shown, fresh, usual) {
  const [old, now] = [shown.querySelector('.poll'), fresh.querySelector('.poll')]
  if (!old || !now) return usual()
  old.replaceWith(now)
  now.tabIndex = -1
  now.focus()
}
