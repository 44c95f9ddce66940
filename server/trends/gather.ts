import { siteOf } from '#server/platform/host-names.ts'

/** Of one site, which may have any number of servers below it, so many people count at most: a hundred accounts are easily had by whoever runs one. */
const peopleOfSiteMax = 5
/** Fewer different people are no trend. */
export const peopleMin = 3
/** A person's word counts half after so long. */
const halfLifeMs = 24 * 60 * 60_000
const scoreOfPerson = 1_000

/** Somebody who used a tag, linked to a page or passed a post on; `host` is empty for ours. */
export interface Voice {
  accountId: number
  host: string
  at: number
}

export interface Gathered {
  key: string
  score: number
  people: number
  posts: number
}

/** Counts different people behind keys. The newest word of each counts, the less the older it is. Pure but for what it holds. */
export class Gathering {
  readonly #byKey = new Map<string, { posts: number; sites: Map<string, Map<number, number>> }>()

  add(key: string, { accountId, host, at }: Voice): void {
    let of = this.#byKey.get(key)
    if (!of) this.#byKey.set(key, (of = { posts: 0, sites: new Map() }))
    of.posts++
    const site = siteOf(host)
    const people = of.sites.get(site) ?? new Map<number, number>()
    people.set(accountId, Math.max(people.get(accountId) ?? 0, at))
    of.sites.set(site, people)
  }

  /** The keys with enough people behind them, the highest score first. */
  top(now: number, count: number): Gathered[] {
    return [...this.#byKey]
      .map(([key, { posts, sites }]) => {
        const heard = [...sites.values()].flatMap((people) => [...people.values()].sort((a, b) => b - a).slice(0, peopleOfSiteMax))
        const score = heard.reduce((sum, at) => sum + scoreOfPerson * 2 ** (-Math.max(0, now - at) / halfLifeMs), 0)
        return { key, posts, people: heard.length, score: Math.round(score) }
      })
      .filter(({ people, score }) => people >= peopleMin && score > 0)
      .sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1))
      .slice(0, count)
  }
}
