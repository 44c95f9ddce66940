import type { Visibility } from '#db/schema/posts.ts'
import { followersOf } from '#server/federation/vocabulary/addresses.ts'
import { publicAudience } from '#server/federation/vocabulary/context.ts'

export interface Audience {
  to: string[]
  cc: string[]
}

/**
 * Who an object of ours is for, by its visibility: public names everybody in `to`, unlisted in `cc`; followers means the author's
 * collection; the persons addressed stand in `cc`, and in `to` when nobody else is meant. There is never a bto or bcc.
 */
export function toAudience(visibility: Visibility, authorUri: string, personUris: readonly string[]): Audience {
  const followers = followersOf(authorUri)
  const persons = [...new Set(personUris)]
  switch (visibility) {
    case 'public':
      return { to: [publicAudience], cc: [followers, ...persons] }
    case 'unlisted':
      return { to: [followers], cc: [publicAudience, ...persons] }
    case 'followers':
      return { to: [followers], cc: persons }
    case 'direct':
      return { to: persons, cc: [] }
  }
}
