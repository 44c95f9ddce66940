/** What is dear to make and asked for again: up to `weightMax` of it, whatever a caller weighs by, those used last. */
export class Kept<V> {
  readonly #weightMax: number
  #young = new Map<string, V>()
  #old = new Map<string, V>()
  #youngWeight = 0
  readonly #weightOf: (key: string, value: V) => number

  /** Without a scale each weighs one. */
  constructor(weightMax: number, weightOf: (key: string, value: V) => number = () => 1) {
    this.#weightMax = weightMax
    this.#weightOf = weightOf
  }

  find(key: string): V | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.keep(key, old)
    return old
  }

  /** Two generations of half the weight each: what was not asked for while the younger filled up is forgotten. What is too heavy for one is not kept. */
  keep(key: string, value: V): V {
    const weight = this.#weightOf(key, value)
    if (weight > this.#weightMax / 2) return value
    if (this.#youngWeight + weight > this.#weightMax / 2) {
      this.#old = this.#young
      this.#young = new Map()
      this.#youngWeight = 0
    }
    this.#young.set(key, value)
    this.#youngWeight += weight
    return value
  }
}
