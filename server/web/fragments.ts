import { Kept } from '#server/platform/kept.ts'
import type { ChromeView } from '#server/web/views/chrome-view.ts'
import type { Translate } from '#server/platform/messages.ts'

/** Partials that are kept drawn: each is given the whole of what it shows, and stands on many pages or costs much. */
export const keptPartials: ReadonlySet<string> = new Set(['post', 'composer-more', 'site-nav'])
/** What an entry takes besides its key and its bytes. */
const entryBytes = 300
const charBytes = 2

/** What Handlebars hands from the page to all its partials. */
export interface PageData {
  t: Translate
  chrome: ChromeView
  /** Names of the drawings that the page uses, in the order of their first use. */
  icons: Set<string>
  /** Pieces of this page that stand drawn; the text holds a mark in the place of each. Undefined while a piece itself is drawn. */
  pieces: Piece[] | undefined
}

/** Finished bytes, or several in a row. */
export type Piece = Buffer | Buffer[]

type Partial = (context: unknown, options: { data: PageData }) => string

interface Fragment {
  bytes: Buffer
  icons: readonly string[]
}

/**
 * Parts of pages that stand drawn, as bytes. The key is all that a part is drawn from, word for word: the language and the finished view, which holds the
 * version of the post and of its author, its counts, and whatever this reader may do and did. So what one reader is shown can only be shown to another whose
 * view says exactly the same. A part that looks at the frame of the page besides (a form with the reader's token) is drawn each time.
 */
export class Fragments {
  readonly #bytesMax: number
  readonly #kept: Kept<Fragment>
  readonly #mark: string

  /**
   * Keeps up to `bytesMax` bytes of keys and parts, those used last; with 0 everything is drawn each time. `secret` is random and stands in no answer, so that
   * nobody can write the mark of a piece into what is shown.
   */
  constructor({ bytesMax, secret }: { bytesMax: number; secret: string }) {
    this.#bytesMax = bytesMax
    this.#mark = `<!--${secret}:`
    this.#kept = new Kept(bytesMax, (key, { bytes }) => key.length * charBytes + bytes.length + entryBytes)
  }

  /** A partial that is drawn only when it is not known from before. */
  kept(name: string, draw: Partial): Partial {
    if (this.#bytesMax === 0) return draw
    return (context, options) => {
      const { data } = options
      if (!data.pieces) return draw(context, options)
      const key = `${name} ${data.t.language} ${JSON.stringify(context)}`
      const known = this.#kept.find(key)
      if (known) {
        for (const icon of known.icons) data.icons.add(icon)
        return this.place(data.pieces, known.bytes)
      }
      let isPersonal = false
      const chrome = new Proxy(data.chrome, {
        get(target, property) {
          isPersonal = true
          return Reflect.get(target, property) as unknown
        }
      })
      const icons = new Set<string>()
      const html = draw(context, { ...options, data: { ...data, chrome, icons, pieces: undefined } })
      for (const icon of icons) data.icons.add(icon)
      if (isPersonal) return html
      const bytes = ownBytes(html)
      this.#kept.keep(key, { bytes, icons: [...icons] })
      return this.place(data.pieces, bytes)
    }
  }

  /** Text whose marks are replaced by the pieces they stand for, as bytes in their order. */
  join(html: string, pieces: readonly Piece[]): Buffer[] {
    const parts: Buffer[] = []
    let from = 0
    for (let at = html.indexOf(this.#mark); at >= 0; at = html.indexOf(this.#mark, from)) {
      const end = html.indexOf('-->', at)
      const piece = pieces[Number(html.slice(at + this.#mark.length, end))]!
      parts.push(Buffer.from(html.slice(from, at)))
      if (Array.isArray(piece)) parts.push(...piece)
      else parts.push(piece)
      from = end + '-->'.length
    }
    parts.push(Buffer.from(html.slice(from)))
    return parts
  }

  /** The mark of a piece of this page. */
  place(pieces: Piece[], piece: Piece): string {
    return `${this.#mark}${pieces.push(piece) - 1}-->`
  }
}

/** Bytes in a place of their own: a view into Node's pool would hold on to its neighbours too. */
function ownBytes(html: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(html))
  bytes.write(html)
  return bytes
}
