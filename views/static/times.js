// "3 min ago" goes on counting while a page is open. The absolute time beside it never changes.

const { lang } = document.documentElement
const format = new Intl.RelativeTimeFormat(lang === 'en' ? 'en-GB' : lang, { numeric: 'auto', style: 'short' })
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const units = [
  ['minute', minuteMs, hourMs],
  ['hour', hourMs, dayMs],
  ['day', dayMs, 30 * dayMs],
  ['month', 30 * dayMs, 365 * dayMs],
  ['year', 365 * dayMs, Infinity]
]

/** Each `.ago` stands behind the time it tells of. */
export function refresh(now = Date.now()) {
  for (const ago of document.querySelectorAll('.ago')) {
    const time = ago.previousElementSibling?.querySelector('time')
    if (!time) continue
    const text = relative(Math.max(0, now - Date.parse(time.dateTime)))
    if (ago.textContent !== text) ago.textContent = text
  }
}

function relative(ms) {
  const [unit, size] = units.find(([, least, most]) => ms >= least && ms < most) ?? ['second', Infinity]
  return format.format(-Math.floor(ms / size) || 0, unit)
}
