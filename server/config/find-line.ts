/** A piece of TypeScript that matters here: a comment or a text to step over, a key before its colon, or a bracket. */
const piece =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?:(['"])(?<quoted>(?:\\.|(?!\1)[^\\\n])*)\1|(?<plain>[\p{ID_Start}$_][\p{ID_Continue}$]*))\s*(?<colon>:(?!:))?|`(?:\\.|[^\\`])*`|(?<bracket>[{}])|\n/gsu

/**
 * The line (from 1) on which a configuration file gives the value at `path` (`server.port`), as far as it is written out as an
 * object; undefined when it is computed. It reads text, not TypeScript: the compiler is not there on a production machine.
 */
export function findLine(source: string, path: string): number | undefined {
  const open: (string | undefined)[] = []
  let key: string | undefined
  let line = 1
  for (const found of source.matchAll(piece)) {
    const { quoted, plain, colon, bracket } = found.groups ?? {}
    if (bracket === '{') {
      open.push(key)
      key = undefined
    } else if (bracket === '}') {
      open.pop()
      key = undefined
    } else if (colon !== undefined) {
      key = quoted ?? plain
      // Brackets without a name are the object itself, and functions or conditions around it.
      if ([...open.filter((name) => name !== undefined), key].join('.') === path) return line
    }
    line += found[0].split('\n').length - 1
  }
  return undefined
}
