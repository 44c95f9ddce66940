// What scripts say, in the language of the page. Asked for once, when there is first something to say.

let loading

/** Gives `(key, values) => text`. */
export function loadWords() {
  loading ??= load().catch((error) => {
    loading = undefined
    throw error
  })
  return loading
}

async function load() {
  const response = await fetch(document.querySelector('script[data-words]').dataset.words)
  if (!response.ok) throw new Error(`The words were answered ${response.status}.`)
  const messages = await response.json()
  const { lang } = document.documentElement
  const plural = new Intl.PluralRules(lang)
  const number = new Intl.NumberFormat(lang)

  // The part of ICU that these messages use: values, and plurals with exact cases.
  function fill(text, values, count) {
    let filled = ''
    for (let at = 0; at < text.length; at++) {
      if (text[at] === '#' && count !== undefined) filled += number.format(count)
      else if (text[at] !== '{') filled += text[at]
      else {
        const end = closing(text, at)
        filled += filledWith(text.slice(at + 1, end), values)
        at = end
      }
    }
    return filled
  }

  function filledWith(place, values) {
    const [, name, cases] = /^\s*(\w+)\s*(?:,\s*plural\s*,([\s\S]*))?$/.exec(place)
    const value = values[name]
    if (cases === undefined) return typeof value === 'number' ? number.format(value) : value
    const texts = new Map()
    for (let rest = cases; ; ) {
      const found = /^\s*(=?\w+)\s*(?=\{)/.exec(rest)
      if (!found) break
      const start = found[0].length
      const end = closing(rest, start)
      texts.set(found[1], rest.slice(start + 1, end))
      rest = rest.slice(end + 1)
    }
    return fill(texts.get(`=${value}`) ?? texts.get(plural.select(value)) ?? texts.get('other'), values, value)
  }

  return (key, values = {}) => fill(messages[key], values)
}

function closing(text, start) {
  for (let at = start, depth = 0; ; at++) {
    if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return at
  }
}
