import { stringify } from 'csv-stringify/sync'

export interface CsvFollow {
  /** `name@host`, without the sign before it. */
  address: string
  showBoosts: boolean
  notifies: boolean
}

/** Follows as a file that other servers of the fediverse take in: its first line names the columns as Mastodon does. Pure. */
export function followsCsv(follows: readonly CsvFollow[]): string {
  const rows = follows.map(({ address, showBoosts, notifies }) => [address, showBoosts, notifies])
  return stringify([['Account address', 'Show boosts', 'Notify on new posts'], ...rows], {
    cast: { boolean: (value) => (value ? 'true' : 'false') },
    // A spreadsheet is not to take an address for a formula.
    escape_formulas: true
  })
}
