import { pathOf, readStaticImports } from '#test/architecture/read-imports.ts'

/** Circles of imports among the given sources, each as the files along it, told once. */
export function findCycles(sources: ReadonlyMap<string, string>): string[][] {
  const next = new Map<string, string[]>()
  for (const [path, source] of sources) {
    next.set(
      path,
      readStaticImports(path, source).flatMap(({ to }) => {
        const target = pathOf(to)
        return target !== undefined && sources.has(target) ? [target] : []
      })
    )
  }
  const done = new Set<string>()
  const cycles: string[][] = []
  const walk = (path: string, along: string[]): void => {
    const start = along.indexOf(path)
    if (start >= 0) {
      cycles.push(fromFirst(along.slice(start)))
      return
    }
    if (done.has(path)) return
    for (const target of next.get(path) ?? []) walk(target, [...along, path])
    done.add(path)
  }
  for (const path of next.keys()) walk(path, [])
  return cycles
}

/** The circle told from the file whose name comes first, whichever was walked first. */
function fromFirst(circle: string[]): string[] {
  const start = circle.indexOf([...circle].sort()[0]!)
  const turned = [...circle.slice(start), ...circle.slice(0, start)]
  return [...turned, turned[0]!]
}
