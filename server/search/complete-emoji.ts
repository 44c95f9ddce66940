import { gemoji } from 'gemoji'
import { offeredMax } from '#server/search/complete.ts'

export interface NamedEmoji {
  emoji: string
  /** As it is typed between colons. */
  name: string
}

/** Emoji of Unicode by the names people know from elsewhere: those that begin with what was typed before those that hold it, then those it describes. Pure. */
export function completeEmoji(typed: string): NamedEmoji[] {
  const words = typed.toLowerCase()
  if (words === '') return []
  const found = new Map<string, NamedEmoji>()
  const take = (isMeant: (name: string) => boolean, inWords: boolean) => {
    for (const { emoji, names, tags } of gemoji) {
      if (found.size >= offeredMax) return
      const name = inWords ? (tags.some(isMeant) ? names[0] : undefined) : names.find(isMeant)
      if (name !== undefined && !found.has(emoji)) found.set(emoji, { emoji, name })
    }
  }
  take((name) => name === words, false)
  take((name) => name.startsWith(words), false)
  take((tag) => tag.startsWith(words), true)
  take((name) => name.includes(words), false)
  return [...found.values()]
}
