export type Dialect = 'sqlite' | 'postgres'

let chosen: Dialect | undefined
let isFixed = false

/**
 * Says which database this process speaks to. Must run before any schema file loads, since tables are made for one
 * dialect; whoever starts a process (server/main.ts, the commands, the tests) reads the configuration first and imports the rest after.
 */
export function chooseDialect(dialect: Dialect): void {
  if (isFixed && chosen !== dialect) throw new Error(`The schema is already made for ${chosen}; chooseDialect('${dialect}') came too late.`)
  chosen = dialect
}

/** The dialect of this process; asking fixes it. SQLite when nobody chose. */
export function dialectOfProcess(): Dialect {
  isFixed = true
  chosen ??= 'sqlite'
  return chosen
}
