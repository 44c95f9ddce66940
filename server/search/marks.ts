/** The marks of the index, words of their own kind beside those of a text (see db/search-index.ts). Letters, digits and `=_:` alone. */

/** Public, by an author who wants to be found. */
export const openMark = '=p'

/** One of ours who wrote it, has to do with it, or is meant by it. */
export const personMark = (accountId: number) => `=u:${accountId}`
/** A word of a post that is not for everybody, for one of those who may find it: beginnings that somebody else types do not lead to it. */
export const ownWord = (accountId: number, word: string) => `=${accountId}:${word}`
export const authorMark = (accountId: number) => `=f:${accountId}`
export const tagMark = (tag: string) => `=t:${tag}`
export const hanMark = (character: string) => `=c:${character}`
export const keptMark = (kind: 'bookmarks' | 'favourites', accountId: number) => `=${kind === 'bookmarks' ? 'b' : 'l'}:${accountId}`

/** What a post can have, as it is typed after `has:`, and be, as after `is:`. */
export const possessions = ['image', 'video', 'audio', 'poll', 'link', 'quote', 'cw'] as const
export const natures = ['reply', 'sensitive'] as const
export type Possession = (typeof possessions)[number]
export type Nature = (typeof natures)[number]

export const featureMark = (feature: Possession | Nature) => `=h:${feature}`
