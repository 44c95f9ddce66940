const rootPixels = 16
/** Colours that carry words, and what they are read on. */
const readOn: Record<string, string> = {
  ink: 'surface',
  'ink-soft': 'surface',
  sea: 'surface',
  'sea-deep': 'surface',
  'on-sea': 'sea',
  'lichen-ink': 'lichen-wash',
  'moss-ink': 'moss-wash',
  danger: 'surface',
  'on-danger': 'danger',
  focus: 'surface'
}

export interface Tokens {
  /** Colour by name, as `#rrggbb` or `#rrggbbaa`, one set a scheme. */
  colours: Record<'light' | 'dark' | 'lightContrast' | 'darkContrast', Map<string, string>>
  /** Lengths in rem by name: `text-m`, `space-1`, `radius`, `target` and so on. */
  lengths: Map<string, number>
}

/** A colour that more contrast changes: `--ink: var(--usual, light-dark(…)) var(--more, light-dark(…))`. */
const switched = /--([\w-]+):\s*var\(--usual,\s*(light-dark\([^)]*\))\)\s*var\(--more,\s*(light-dark\([^)]*\))\)/g

/** The names that a style sheet gives to colours and lengths, as it says them: `--lichen: light-dark(#c08a12, #e3b341)`, `--space-1: 0.25rem`. */
export function readTokens(css: string): Tokens {
  const root = blockOf(css, ':root')
  const both = [...css.matchAll(switched)]
  const usual = both.map(([, name, colours]) => `--${name}:${colours}`).join(';')
  const more = both.map(([, name, , colours]) => `--${name}:${colours}`).join(';')
  const [light, dark] = coloursOf(usual + root)
  const [lightMore, darkMore] = coloursOf(more)
  return {
    colours: {
      light,
      dark,
      lightContrast: new Map([...light, ...lightMore]),
      darkContrast: new Map([...dark, ...darkMore])
    },
    lengths: new Map([...root.matchAll(/--([\w-]+):\s*([\d.]+)rem/g)].map(([, name, rem]) => [name!, Number(rem)]))
  }
}

/** "7.1:1" for colours that words are written in; empty for the others. */
export function contrastText(colours: ReadonlyMap<string, string>, name: string): string {
  const [front, back] = [colours.get(name), colours.get(readOn[name] ?? '')]
  return front && back ? `${contrastOf(front, back).toFixed(1)}:1` : ''
}

/** WCAG 2.2, "contrast ratio", of two colours `#rrggbb`: 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [high, low] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

export function pixelsOf(rem: number): number {
  return rem * rootPixels
}

function luminanceOf(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function blockOf(css: string, selector: string): string {
  const start = css.search(new RegExp(`(?:^|\\n|\\})\\s*${selector.replace('.', '\\.')}\\s*\\{`))
  return start < 0 ? '' : css.slice(start, css.indexOf('}', css.indexOf('{', start)))
}

function coloursOf(block: string): [Map<string, string>, Map<string, string>] {
  const pairs = [...block.matchAll(/--([\w-]+):\s*light-dark\((#\w+),\s*(#\w+)\)/g)]
  return [new Map(pairs.map(([, name, light]) => [name!, light!])), new Map(pairs.map(([, name, , dark]) => [name!, dark!]))]
}
