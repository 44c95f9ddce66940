// Served as /sw.js behind `files` and `version`. It keeps one page, its style and the logo, for when there is no network: nothing of what people read.
/* global files, version */

const page = '/offline'
const name = `offline ${version}`

self.addEventListener('install', (event) => {
  const keep = async () => {
    const cache = await caches.open(name)
    await cache.addAll(files)
    // As a stranger sees it: no name, no picture, no count of anybody.
    await cache.put(page, await fetch(page, { credentials: 'omit', cache: 'reload' }))
    await self.skipWaiting()
  }
  event.waitUntil(keep())
})

self.addEventListener('activate', (event) => {
  const settle = async () => {
    for (const other of await caches.keys()) if (other !== name) await caches.delete(other)
    await self.registration.navigationPreload?.enable()
    await self.clients.claim()
  }
  event.waitUntil(settle())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET') return
  if (request.mode === 'navigate') event.respondWith(navigate(event))
  else if (files.includes(new URL(request.url).pathname)) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)))
})

async function navigate({ request, preloadResponse }) {
  try {
    return (await preloadResponse) ?? (await fetch(request))
  } catch (error) {
    const kept = await caches.match(page)
    if (!kept) throw error
    return kept
  }
}
