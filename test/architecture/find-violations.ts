import { findCycles } from '#test/architecture/find-cycles.ts'
import { pathOf, readImports, withoutComments } from '#test/architecture/read-imports.ts'

/** The rules of the house; see test/architecture.test.ts, which holds them. */
export interface Rules {
  /** Parts of the house, each by the folders (`server/web/`) or files it consists of. The first that fits a file names its part. */
  parts: Record<string, string[]>
  /** Which parts each part may import from; a part always knows itself. */
  mayKnow: Record<string, string[]>
  /** Parts of which only one folder may be known to itself: their folders do not know one another. */
  apart: string[]
  /** Files whose types anyone may name, since a type does not run. */
  typesForAll: string[]
  /** Packages and Node modules that belong to some places alone. */
  packages: { name: RegExp; what: string; only: string[]; typesAnywhere?: boolean }[]
  /** What must not be written, except in the places named. */
  words: { pattern: RegExp; what: string; only: string[] }[]
  /** The part whose folders do not call one another's actions, and what tells that a file has the named function as an action. */
  noForeignActions: { part: string; isAction(source: string, name: string): boolean }
  linesMax: number
  /** What breaks a rule with a reason: the two sides, and why. An exception that nothing needs any more is a violation itself. */
  exceptions: { file: string; to: string; why: string }[]
}

/** Sentences about what breaks the rules. `sources`: every TypeScript file and template by its path from the top of the checkout. */
export function findViolations(sources: ReadonlyMap<string, string>, rules: Rules): string[] {
  const found: { file: string; to: string; text: string }[] = []
  for (const [file, source] of sources) {
    const tell = (to: string, text: string) => found.push({ file, to, text: `${file} ${text}` })
    if (file.endsWith('.hbs')) {
      checkTemplate(source, tell)
      continue
    }
    checkImports(file, source, sources, rules, tell)
    checkWords(file, source, rules, tell)
    const lines = source.split('\n').length - 1
    if (lines > rules.linesMax) tell('length', `has ${lines} lines; ${rules.linesMax} is the most`)
  }
  for (const cycle of findCycles(sources))
    found.push({ file: cycle[0]!, to: cycle[1]!, text: `imports go in a circle: ${cycle.join(' -> ')}` })

  const isExcepted = ({ file, to }: { file: string; to: string }) => rules.exceptions.some((rule) => rule.file === file && rule.to === to)
  const unneeded = rules.exceptions.filter(
    (rule) => sources.has(rule.file) && !found.some(({ file, to }) => rule.file === file && rule.to === to)
  )
  return [
    ...found.filter((each) => !isExcepted(each)).map(({ text }) => text),
    ...unneeded.map(({ file, to }) => `the exception for ${file} and ${to} is not needed`)
  ]
}

type Tell = (to: string, text: string) => void

function checkImports(file: string, source: string, sources: ReadonlyMap<string, string>, rules: Rules, tell: Tell): void {
  const part = partOf(file, rules)
  if (part === undefined) tell('part', 'belongs to no part of the house; name one in the rules')
  for (const { to, isType, names } of readImports(file, source)) {
    if (to.startsWith('.')) tell(to, `imports ${to}; write #server/… or #db/…`)
    const target = pathOf(to)
    if (target === undefined) {
      checkPackage(file, to, isType, rules, tell)
      continue
    }
    if (!/\.(ts|json)$/.test(target)) tell(to, `imports ${to} without its ending`)
    const other = partOf(target, rules)
    if (part === undefined || other === undefined || (isType && rules.typesForAll.includes(target))) continue
    if (other !== part) {
      if (!rules.mayKnow[part]?.includes(other)) tell(target, `(${part}) imports ${target} (${other}), which it may not know`)
      continue
    }
    if (folderOf(file) === folderOf(target)) continue
    if (rules.apart.includes(part)) tell(target, `imports ${target}: ${part} never import one another`)
    if (part !== rules.noForeignActions.part || isType) continue
    const action = names.find((name) => rules.noForeignActions.isAction(sources.get(target) ?? '', name))
    if (action !== undefined) tell(target, `calls ${action}, the action of another feature (${target}); record a fact`)
  }
}

function checkPackage(file: string, name: string, isType: boolean, rules: Rules, tell: Tell): void {
  for (const rule of rules.packages) {
    if (!rule.name.test(name) || (isType && rule.typesAnywhere) || isWithin(file, rule.only)) continue
    tell(name, `imports ${name}; ${rule.what} belongs to ${rule.only.join(', ')}`)
  }
}

function checkWords(file: string, source: string, rules: Rules, tell: Tell): void {
  const code = withoutComments(source)
  for (const { pattern, what, only } of rules.words) {
    const index = code.search(pattern)
    if (index >= 0 && !isWithin(file, only)) tell(what, `line ${code.slice(0, index).split('\n').length}: ${what}`)
  }
}

function checkTemplate(source: string, tell: Tell): void {
  for (const [, name = ''] of source.matchAll(/\{\{(?:\{|&)\s*([^\s}]+)/g)) {
    if (!/html$/i.test(name)) tell(name, `writes {{{${name}}}} unescaped; only a name that ends in "html" holds markup`)
  }
}

function partOf(file: string, rules: Rules): string | undefined {
  return Object.entries(rules.parts).find(([, places]) => isWithin(file, places))?.[0]
}

function isWithin(file: string, places: string[]): boolean {
  return places.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place))
}

function folderOf(file: string): string {
  return file.split('/').slice(0, 2).join('/')
}
