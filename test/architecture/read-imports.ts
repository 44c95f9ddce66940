/** One import of a source file. `isType`: erased before it runs, so it makes no circle. */
export interface Import {
  from: string
  to: string
  isType: boolean
  /** The names it brings in, as the other file calls them; types among them are left out. */
  names: string[]
}

const statement =
  /^[ \t]*(?:import|export)\s+(?<type>type\s+)?(?:(?<clause>[\w*{][^'"`;]*?)\sfrom\s+)?(?<quote>['"])(?<path>[^'"\n]+)\k<quote>/gm
const dynamic = /\bimport\(\s*(['"`])(?<path>[^'"`\n]+)\1\s*\)/g

/** The imports that a source file states, and those it makes while it runs (`import('…')`). */
export function readImports(from: string, source: string): Import[] {
  const later = [...withoutComments(source).matchAll(dynamic)].map(({ groups }) => ({ from, to: groups!.path!, isType: false, names: [] }))
  return [...readStatements(from, source), ...later]
}

/** The imports that Node follows before the file itself runs: only these make circles. */
export function readStaticImports(from: string, source: string): Import[] {
  return readStatements(from, source).filter(({ isType }) => !isType)
}

function readStatements(from: string, source: string): Import[] {
  return [...withoutComments(source).matchAll(statement)].map(({ groups }) => ({
    from,
    to: groups!.path!,
    isType: groups!.type !== undefined,
    names: namesOf(groups!.clause ?? '')
  }))
}

/** `{ findPost, type Post, home as homeOf }` brings in findPost and home. */
function namesOf(clause: string): string[] {
  const list = /\{([^}]*)\}/.exec(clause)?.[1] ?? ''
  const parts = list.split(',').map((part) => part.trim())
  return parts.filter((part) => part !== '' && !part.startsWith('type ')).map((part) => part.split(/\s+as\s+/)[0]!)
}

const textOrComment = /(['"`])(?:\\.|(?!\1)[^\\])*\1|\/\/[^\n]*|\/\*[\s\S]*?\*\//g

/** The source with its comments blanked out, line for line, so that words about a thing are not taken for the thing. */
export function withoutComments(source: string): string {
  return source.replace(textOrComment, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found))
}

/** `#server/x.ts` as the path `server/x.ts`; undefined for packages and Node's own modules. */
export function pathOf(specifier: string): string | undefined {
  return specifier.startsWith('#') ? specifier.slice(1) : undefined
}
