import { setImmediate as turnOfOthers } from 'node:timers/promises'
import { Parser, type Handler } from 'htmlparser2'

/** The parser holds the process for as long as it takes over so many characters (about a millisecond); then others have their turn. */
const chunkCharacters = 16_384
/** Elements within elements. The parser's time grows with the square of them: a page of nothing but open tags would take it a minute. */
const depthMax = 512

type Reading = Partial<Pick<Handler, 'onopentag' | 'onclosetag' | 'ontext'>>

/**
 * Reads HTML of others from its beginning, in small steps, and tells of its tags and texts (htmlparser2). What is nested deeper than any page is not
 * read on. `isEnough` is asked between steps: true ends the reading.
 */
export async function readHtml(html: string, reading: Reading, isEnough: () => boolean = () => false): Promise<void> {
  let depth = 0
  const parser = new Parser({
    ontext: reading.ontext,
    onopentag(name, attributes, isImplied) {
      depth++
      reading.onopentag?.(name, attributes, isImplied)
    },
    onclosetag(name, isImplied) {
      depth--
      reading.onclosetag?.(name, isImplied)
    }
  })
  for (let at = 0; at < html.length; at += chunkCharacters) {
    parser.write(html.slice(at, at + chunkCharacters))
    if (depth > depthMax || isEnough()) return
    await turnOfOthers()
  }
  parser.end()
}
