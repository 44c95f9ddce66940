/** Rows as aligned columns, two spaces apart, without a space at the end of a line. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, [...cell].length)
  return rows.map((row) =>
    row
      .map((cell, at) => cell + ' '.repeat(widths[at]! - [...cell].length))
      .join('  ')
      .trimEnd()
  )
}

/** A moment as scripts and people can both read it; a dash for none. */
export function moment(at: number | null | undefined): string {
  return at === null || at === undefined ? '-' : new Date(at).toISOString()
}
