// Counts stay true while a page is open: one connection a browser, held by one of its tabs, which tells the others. Nothing moves by itself.

const heading = document.querySelector('[data-newest]')
const newest = Number(heading?.dataset.newest ?? 0)
const name = `skerry live ${document.querySelector('.me')?.getAttribute('href')}`
const title = document.title
const announceMs = 30_000
const againMs = { least: 10_000, most: 300_000 }
const workerMs = 4_000

let stop = start()
window.addEventListener('pagehide', () => stop())
window.addEventListener('pageshow', (event) => {
  if (event.persisted) stop = start()
})

/** Gives the way to stop: a page that holds a lock, a channel or a connection is not kept for Back. */
function start() {
  const channel = new BroadcastChannel(name)
  const ending = new AbortController()
  const { signal } = ending
  let leader

  channel.addEventListener('message', ({ data }) => {
    if (data.state) present(data.state)
    else leader?.welcome(data.newest)
  })
  channel.postMessage({ newest })
  const lead = () =>
    new Promise((resolve) => {
      leader = connect((state) => {
        channel.postMessage({ state })
        present(state)
      })
      leader.welcome(newest)
      signal.addEventListener('abort', resolve)
      setTimeout(() => signal.aborted || navigator.serviceWorker?.register('/sw.js').catch(() => undefined), workerMs)
    })
  // Without locks (a page over plain http) each tab has a connection of its own.
  if (navigator.locks) navigator.locks.request(name, { signal }, lead).catch((error) => signal.aborted || reportError(error))
  else lead()
  return () => {
    ending.abort()
    leader?.close()
    channel.close()
  }
}

/** Listens on behalf of all tabs, from the oldest "newest post" that any of them shows. */
function connect(tell) {
  let source
  let since
  let last
  let waitMs = againMs.least
  let timer

  function open() {
    source?.close()
    source = new EventSource(`/events?since=${since}`)
    source.addEventListener('state', ({ data }) => {
      waitMs = againMs.least
      last = JSON.parse(data)
      tell(last)
    })
    // The session is over: nobody is told of anything until a page is opened again.
    source.addEventListener('end', () => source.close())
    // A connection that breaks is taken up again by the browser; one that is refused, by us, ever later.
    source.addEventListener('error', () => {
      if (source.readyState !== EventSource.CLOSED) return
      timer = setTimeout(open, waitMs)
      waitMs = Math.min(2 * waitMs, againMs.most)
    })
  }

  return {
    welcome(shown) {
      const isOlder = since === undefined || (shown > 0 && (since === 0 || shown < since))
      if (isOlder) {
        since = shown
        clearTimeout(timer)
        open()
      } else if (last) tell(last)
    },
    close() {
      clearTimeout(timer)
      source?.close()
    }
  }
}

/** Without its words (the network just went) a count waits for the next one. */
function present(state) {
  show(state).catch(() => undefined)
}

async function show({ newer, unread }) {
  document.title = unread > 0 ? `(${badgeOf(unread)}) ${title}` : title
  const count = newest === 0 ? 0 : newer.filter((id) => id > newest).length
  const link = document.querySelector('.newer a')
  const badge = document.querySelector('.nav-item[href="/notifications"] .badge')
  const isSame = count === Number(link?.dataset.newer ?? 0) && badgeOf(unread) === (badge?.textContent ?? '0')
  if (isSame) return
  const { loadWords } = await import('./words.js')
  const words = await loadWords()
  showUnread(unread, words)
  if (heading && count > 0) showNewer(count, words)
}

/** The server counts no further than to a hundred. */
function badgeOf(count) {
  return count > 99 ? '99+' : String(count)
}

function showUnread(count, words) {
  for (const item of document.querySelectorAll('.nav-item[href="/notifications"]')) {
    for (const old of item.querySelectorAll('.badge, .badge + .vh')) old.remove()
    if (count === 0) continue
    const badge = document.createElement('span')
    badge.className = 'badge'
    badge.setAttribute('aria-hidden', 'true')
    badge.textContent = badgeOf(count)
    const text = document.createElement('span')
    text.className = 'vh'
    text.textContent = words('script.unread', { count })
    item.append(badge, text)
  }
}

function showNewer(count, words) {
  let link = document.querySelector('.newer a')
  if (!link) {
    const place = document.createElement('p')
    place.className = 'newer'
    link = document.createElement('a')
    link.className = 'button button-primary'
    link.href = heading.dataset.newer
    place.append(link)
    document.querySelector('.posts').before(place)
  }
  link.dataset.newer = count
  link.textContent = words('script.newPosts', { count })
  announce(link.textContent)
}

let voice
let announcedAt = -announceMs
let waiting

/** A count alone is said, and no more often than every half minute. */
function announce(text) {
  clearTimeout(waiting)
  const leftMs = announcedAt + announceMs - performance.now()
  if (leftMs > 0) {
    waiting = setTimeout(announce, leftMs, text)
    return
  }
  announcedAt = performance.now()
  if (!voice) {
    voice = document.createElement('p')
    voice.className = 'vh'
    voice.setAttribute('role', 'status')
    document.querySelector('main').append(voice)
  }
  // Readers take notice of what changes in a region that is already there.
  setTimeout(() => (voice.textContent = text), 100)
}
