import { cleanName, cleanText } from '#server/platform/clean-text.ts'

const optionsMin = 2
/** Options kept of one remote poll; what comes after is left out. */
const optionsMax = 20
const optionCharactersMax = 200
/** A vote has to repeat it to the byte, so that more is kept of it than is shown. */
const optionNameCharactersMax = 2_000
/** A count beyond it is no count. */
const countMax = 1_000_000_000

/** A poll as another server tells of it. */
export interface ToldPoll {
  isMultiple: boolean
  options: readonly { name: string; votes?: number }[]
  /** ms since 1970. */
  endsAt?: number
  /** When it ended, ms since 1970, or that it did; a moment to come is its end. */
  closed?: number | true
  votersCount?: number
}

export interface CleanPoll {
  isMultiple: boolean
  /** `name` is what a vote says, `text` what is shown. */
  options: { name: string; text: string; votes: number }[]
  endsAt: number | null
  closed: number | true | null
  votersCount: number | null
}

/** Bounds what another server said: texts cleaned, an option of no text or there twice left out. Undefined when fewer than two are left: it asks nothing. Pure. */
export function cleanToldPoll({ isMultiple, options, endsAt, closed, votersCount }: ToldPoll): CleanPoll | undefined {
  const kept = new Map<string, CleanPoll['options'][number]>()
  for (const option of options) {
    const name = cleanText(option.name, optionNameCharactersMax)
    const text = cleanName(name, optionCharactersMax)
    if (text !== '' && !kept.has(name) && kept.size < optionsMax) kept.set(name, { name, text, votes: countOf(option.votes) ?? 0 })
  }
  if (kept.size < optionsMin) return undefined
  return {
    isMultiple,
    options: [...kept.values()],
    endsAt: endsAt ?? null,
    closed: closed ?? null,
    votersCount: countOf(votersCount)
  }
}

/** When it ends and when it ended, as far as is said; some servers say in `closed` when it is going to. */
export function endOf(
  { endsAt, closed }: Pick<CleanPoll, 'endsAt' | 'closed'>,
  now: number
): { endsAt: number | null; closedAt: number | null } {
  if (closed === true) return { endsAt, closedAt: Math.min(endsAt ?? now, now) }
  if (closed !== null && closed > now) return { endsAt: endsAt ?? closed, closedAt: null }
  return { endsAt, closedAt: closed }
}

function countOf(said: number | undefined): number | null {
  if (said === undefined || !Number.isFinite(said)) return null
  return Math.min(Math.max(Math.trunc(said), 0), countMax)
}
