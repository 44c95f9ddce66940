const mistakesMax = 3

/** The candidate that differs in the fewest letters, for "did you mean"; undefined when none is near. */
export function nearestOf(typed: string, candidates: string[]): string | undefined {
  const ranked = candidates
    .map((name) => ({ name, distance: Math.min(distance(typed.toLowerCase(), name.toLowerCase()), lastPartDistance(typed, name)) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best && best.distance <= Math.min(mistakesMax, Math.floor(typed.length / 2)) ? best.name : undefined
}

/** `port` at the top is one move away from `server.port`. */
function lastPartDistance(typed: string, name: string): number {
  const last = name.slice(name.lastIndexOf('.') + 1)
  return name.includes('.') && last.toLowerCase() === typed.slice(typed.lastIndexOf('.') + 1).toLowerCase() ? 1 : Number.POSITIVE_INFINITY
}

/** Levenshtein's distance: letters to add, drop or change. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
