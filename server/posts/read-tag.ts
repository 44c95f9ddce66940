import { Refusal } from '#server/errors.ts'
import { tagKey } from '#server/posts/find-mentions.ts'

/** The key of a hashtag that somebody typed, with or without its sign. Refusal `invalid` at `tag` for what is none. */
export function readTag(typed: string): string {
  const tag = tagKey(typed.trim())
  if (tag === '') throw new Refusal('invalid', 'errors.tagInvalid', {}, 'tag')
  return tag
}
